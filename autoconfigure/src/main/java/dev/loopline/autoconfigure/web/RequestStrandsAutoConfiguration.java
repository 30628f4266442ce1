package dev.loopline.autoconfigure.web;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import reactor.netty.http.server.HttpServer;

import dev.loopline.autoconfigure.TaskRuntimeProperties;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.StrandResourceFactory;

/**
 * Auto-configuration that gives requests strands of their own where their connection's
 * strand must not run them.
 */
@AutoConfiguration(after = ReactorNettyRuntimeAutoConfiguration.class)
@ConditionalOnClass({ HttpServer.class, HttpHandlerDecoratorFactory.class })
@ConditionalOnBean(StrandResourceFactory.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
public final class RequestStrandsAutoConfiguration {

	@Bean
	SlowRoutes slowRoutes(TaskRuntimeProperties properties) {
		return new SlowRoutes(properties.getWeb().isLearnBlockingRoutes());
	}

	/** The first decorator is the outermost one. */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	HttpHandlerDecoratorFactory requestStrands(StrandResourceFactory resources, TaskRuntimeProperties properties,
			SlowRoutes slowRoutes) {
		RequestStrands strands = new RequestStrands(resources::runtime, properties, slowRoutes);
		return (handler) -> new StrandHttpHandler(handler, strands);
	}

}
