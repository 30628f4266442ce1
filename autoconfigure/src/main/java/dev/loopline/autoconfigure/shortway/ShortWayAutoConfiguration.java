package dev.loopline.autoconfigure.shortway;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.webflux.autoconfigure.WebFluxRegistrations;
import org.springframework.boot.webflux.autoconfigure.WebHttpHandlerBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;

/**
 * Takes requests the short way through WebFlux.
 */
@AutoConfiguration(afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass({ DispatcherHandler.class, WebHttpHandlerBuilderCustomizer.class })
@ConditionalOnStrandConnections
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@EnableConfigurationProperties(ShortWayProperties.class)
public final class ShortWayAutoConfiguration {

	/** The last one is the innermost. */
	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	WebHttpHandlerBuilderCustomizer shortWay(ShortWayProperties properties) {
		return (builder) -> {
			if (properties.isShortWay()) {
				builder.httpHandlerDecorator(ShortWayHttpHandler::of);
			}
		};
	}

	/**
	 * Gives way even to one that is registered after this: Spring Boot asks for the only
	 * one.
	 */
	@Bean
	@Fallback
	@ConditionalOnMissingBean
	WebFluxRegistrations rememberingRegistrations(ShortWayProperties properties) {
		return new WebFluxRegistrations() {

			@Override
			public @Nullable RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
				return properties.isShortWay() ? new RememberingHandlerMapping() : null;
			}

		};
	}

}
