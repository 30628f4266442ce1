package dev.loopline.autoconfigure.overload;

import java.time.Duration;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import reactor.netty.http.server.HttpServer;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;
import dev.loopline.autoconfigure.limits.RoutePriorities;
import dev.loopline.autoconfigure.web.CrossOriginHeaders;
import dev.loopline.autoconfigure.web.ManagementPath;

/**
 * Auto-configuration that refuses requests in time while the server is overloaded.
 */
@AutoConfiguration(afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass({ HttpServer.class, HttpHandlerDecoratorFactory.class })
@ConditionalOnStrandConnections
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@EnableConfigurationProperties(WebAdmissionProperties.class)
public final class OverloadAutoConfiguration {

	private static final Duration MAX_TARGET = Duration.ofSeconds(10);

	@Bean
	RequestClasses requestClasses(WebAdmissionProperties properties, ObjectProvider<ManagementPath> management,
			ObjectProvider<RoutePriorities> declared) {
		return new RequestClasses(properties, management.getIfAvailable(() -> new ManagementPath("")),
				declared::getIfUnique);
	}

	/** The outermost: what is refused changes the priority, too. */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	HttpHandlerDecoratorFactory priorityDecorator(RequestClasses classes) {
		return (handler) -> new PriorityHttpHandler(handler, classes);
	}

	/**
	 * Not for the whole class: a value that is neither of the two must stop the start.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = "loopline.web.overload", havingValue = "adaptive", matchIfMissing = true)
	static class AdaptiveConfiguration {

		@Bean
		Admission admission(TaskRuntimeLifecycle lifecycle, WebAdmissionProperties properties, RequestClasses classes) {
			Duration target = properties.getAdmission().getTarget();
			if (target.compareTo(Duration.ofMillis(1)) < 0 || target.compareTo(MAX_TARGET) > 0) {
				throw new InvalidAdmissionException("loopline.web.admission.target", target,
						"is not from a millisecond to ten seconds");
			}
			return new Admission(lifecycle::runtime, classes, new AdmittedShare(target.toNanos()));
		}

		/** Outside of all others but one: what is refused must cost next to nothing. */
		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE + 1)
		HttpHandlerDecoratorFactory admissionDecorator(Admission admission,
				ObjectProvider<CrossOriginHeaders> crossOrigin) {
			CrossOriginHeaders headers = crossOrigin.getIfAvailable(() -> CrossOriginHeaders.NONE);
			return (handler) -> new AdmissionHttpHandler(handler, admission, headers);
		}

		/**
		 * What Micrometer needs.
		 */
		@Configuration(proxyBeanMethods = false)
		@ConditionalOnClass(MeterRegistry.class)
		static class MetricsConfiguration {

			@Bean
			OverloadMetrics overloadMetrics(Admission admission) {
				return new OverloadMetrics(admission);
			}

		}

	}

}
