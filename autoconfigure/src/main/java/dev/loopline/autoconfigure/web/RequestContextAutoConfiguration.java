package dev.loopline.autoconfigure.web;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.web.reactive.DispatcherHandler;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;

/**
 * Auto-configuration that lets a stall know the request it happened in, and slow routes
 * know of the stall.
 */
@AutoConfiguration(after = RequestStrandsAutoConfiguration.class, afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass(DispatcherHandler.class)
@ConditionalOnStrandConnections
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
public final class RequestContextAutoConfiguration {

	/** Inside of the decorators that may move a request to another strand. */
	@Bean
	@Order(0)
	HttpHandlerDecoratorFactory requestContextDecorator(ObjectProvider<SlowRoutes> slowRoutes,
			ObjectProvider<ManagementPath> managementPath) {
		SlowRoutes routes = slowRoutes.getIfAvailable(SlowRoutes::none);
		ManagementPath management = managementPath.getIfAvailable(() -> new ManagementPath(""));
		return (handler) -> new RequestContextHttpHandler(handler, routes, management);
	}

	@Bean
	RequestContextMapping requestContextMapping() {
		return new RequestContextMapping();
	}

}
