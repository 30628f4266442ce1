package dev.loopline.autoconfigure.web;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnThreading;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.web.reactive.config.BlockingExecutionConfigurer;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.netty.http.server.HttpServer;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.Refusals;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;
import dev.loopline.autoconfigure.TaskRuntimeProperties;

/**
 * Auto-configuration that gives requests strands of their own where their connection's
 * strand must not run them.
 */
@AutoConfiguration(afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass({ HttpServer.class, HttpHandlerDecoratorFactory.class })
@ConditionalOnStrandConnections
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
public final class RequestStrandsAutoConfiguration {

	@Bean
	Refusals refusals() {
		return new Refusals();
	}

	@Bean
	SlowRoutes slowRoutes(TaskRuntimeProperties properties, Refusals refusals,
			ObjectProvider<CrossOriginHeaders> crossOrigin) {
		return new SlowRoutes(properties.getWeb().isLearnBlockingRoutes(), LineLimits.of(properties.getBlocking(),
				refusals, crossOrigin.getIfAvailable(() -> CrossOriginHeaders.NONE)));
	}

	/**
	 * Read by the parser of the controllers' mappings, which may ignore case.
	 */
	@Bean
	BlockingRoutes blockingRoutes(TaskRuntimeProperties properties,
			@Qualifier("requestMappingHandlerMapping") ObjectProvider<RequestMappingHandlerMapping> controllers) {
		RequestMappingHandlerMapping mapping = controllers.getIfAvailable();
		return BlockingRoutes.parse(properties.getWeb().getBlockingRoutes(),
				(mapping != null) ? mapping.getPathPatternParser() : PathPatternParser.defaultInstance);
	}

	@Bean
	BlockingRoutesCheck blockingRoutesCheck(ApplicationContext context, BlockingRoutes blockingRoutes) {
		return new BlockingRoutesCheck(context, blockingRoutes);
	}

	/**
	 * Spring Boot moves handler methods that return no publisher to an executor of its
	 * own then. Comes after its configurer, and before those of the application.
	 */
	@Bean
	@Order(1)
	@ConditionalOnThreading(Threading.VIRTUAL)
	WebFluxConfigurer blockingHandlersOnStrands(TaskRuntimeLifecycle lifecycle) {
		return new WebFluxConfigurer() {

			@Override
			public void configureBlockingExecution(BlockingExecutionConfigurer configurer) {
				configurer.setExecutor(new BlockingHandlerExecutor(lifecycle::runtime));
			}

		};
	}

	/**
	 * The first decorator is the outermost one. Only the admission and limits go before.
	 */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE + 100)
	HttpHandlerDecoratorFactory requestStrands(TaskRuntimeLifecycle lifecycle, TaskRuntimeProperties properties,
			BlockingRoutes blockingRoutes, SlowRoutes slowRoutes, Refusals refusals,
			ObjectProvider<CrossOriginHeaders> crossOrigin) {
		StrandAssignment strands = new StrandAssignment(lifecycle, properties, blockingRoutes, slowRoutes, LineLimits
			.of(properties.getBlocking(), refusals, crossOrigin.getIfAvailable(() -> CrossOriginHeaders.NONE)));
		return (handler) -> new StrandHttpHandler(handler, strands);
	}

}
