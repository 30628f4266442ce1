package dev.loopline.autoconfigure.actuate;

import java.util.List;
import java.util.Map;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.Refusals;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;
import dev.loopline.autoconfigure.limits.RequestLimits;
import dev.loopline.autoconfigure.overload.Admission;
import dev.loopline.autoconfigure.web.SlowRoutes;
import dev.loopline.autoconfigure.webclient.ClientLimits;
import dev.loopline.runtime.time.Ticker;

/**
 * Auto-configuration of the {@link TaskRuntimeEndpoint}.
 */
@AutoConfiguration(after = WebEndpointAutoConfiguration.class, afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(TaskRuntimeEndpoint.class)
@ConditionalOnStrandConnections
public final class TaskRuntimeEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	TaskRuntimeEndpoint taskRuntimeEndpoint(TaskRuntimeLifecycle lifecycle, ObjectProvider<SlowRoutes> routes,
			ObjectProvider<Refusals> refusals, ObjectProvider<RequestLimits> requestLimits,
			ObjectProvider<ClientLimits> sentLimits, ObjectProvider<Admission> admissions, Environment environment,
			ObjectProvider<BuildProperties> build, ObjectProvider<RouteTimes> routeTimes, BeanFactory context) {
		RouteTimes times = routeTimes.getIfAvailable();
		SlowRoutes slowRoutes = routes.getIfAvailable();
		ClientLimits clientLimits = sentLimits.getIfAvailable();
		Admission admission = admissions.getIfAvailable();
		return new TaskRuntimeEndpoint(lifecycle::runtime, (slowRoutes != null) ? slowRoutes::names : List::of,
				refusals.getIfAvailable(Refusals::new), requestLimits.getIfAvailable(),
				(clientLimits != null) ? clientLimits::snapshot : List::of,
				(admission != null) ? admission::snapshot : () -> null, () -> LoopsDescriptor.onStrands(context),
				() -> IdentityDescriptor.of(environment, build.getIfAvailable()),
				(times != null) ? times::look : Map::of);
	}

	@Bean
	RuntimeStreamLifecycle runtimeStreamLifecycle(ApplicationContext context, TaskRuntimeEndpoint endpoint) {
		return new RuntimeStreamLifecycle(context, endpoint);
	}

	/**
	 * What WebFlux needs. A separate management context finds it in its parent.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	@ConditionalOnClass(HandlerMapping.class)
	static class ReactiveConfiguration {

		/** Boot tells it about the requests that it observes. */
		@Bean
		RouteTimes routeTimes() {
			return new RouteTimes(Ticker.system());
		}

		@Bean
		@ConditionalOnBean(PathMappedEndpoints.class)
		ConsoleAddress consoleAddress(PathMappedEndpoints endpoints, Environment environment) {
			return new ConsoleAddress(endpoints, environment, List.of("spring.webflux.base-path"));
		}

		@Bean
		@ConditionalOnBean(PathMappedEndpoints.class)
		EndpointHeadersMapping endpointHeadersMapping(PathMappedEndpoints endpoints) {
			String path = endpoints.getPath(EndpointId.of("loopline"));
			return new EndpointHeadersMapping((path != null) ? path : endpoints.getBasePath() + "/loopline");
		}

	}

	/**
	 * What Spring MVC needs.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	@ConditionalOnClass(SseEmitter.class)
	static class ServletConfiguration {

		@Bean
		@ConditionalOnMissingBean
		TaskRuntimeEndpointServletExtension taskRuntimeEndpointServletExtension(TaskRuntimeEndpoint endpoint,
				@Qualifier("requestMappingHandlerAdapter") ObjectProvider<RequestMappingHandlerAdapter> adapter) {
			return new TaskRuntimeEndpointServletExtension(endpoint, EndpointHeadersMapping::headersOf,
					new JsonWriter(() -> adapter.getObject().getMessageConverters()));
		}

		@Bean
		@ConditionalOnBean(PathMappedEndpoints.class)
		ConsoleAddress consoleAddress(PathMappedEndpoints endpoints, Environment environment) {
			return new ConsoleAddress(endpoints, environment,
					List.of("server.servlet.context-path", "spring.mvc.servlet.path"));
		}

	}

}
