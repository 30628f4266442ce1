package dev.loopline.autoconfigure.web;

import java.util.List;
import java.util.function.Supplier;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.cors.reactive.CorsWebFilter;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;
import reactor.core.publisher.Flux;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;

/**
 * Auto-configuration of what lets pages of other origins read refusals.
 */
@AutoConfiguration(afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass(DispatcherHandler.class)
@ConditionalOnStrandConnections
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
public final class CrossOriginAutoConfiguration {

	@Bean
	CrossOriginHeaders crossOriginHeaders(ObjectProvider<ForwardedHeaderTransformer> forwarded,
			ObjectProvider<CrossOriginHeaders.Filters> ofSecurity, ObjectProvider<CorsWebFilter> filters,
			ObjectProvider<HandlerMapping> mappings) {
		ForwardedHeaderTransformer transformer = forwarded.getIfAvailable();
		return new CrossOriginHeaders((transformer != null) ? transformer::apply : (request) -> request,
				(exchange) -> Flux.concat(
						Flux.defer(() -> Flux.fromStream(ofSecurity.orderedStream()))
							.concatMap((source) -> source.find(exchange)),
						Flux.defer(() -> Flux.fromStream(filters.orderedStream()))),
				once(mappings));
	}

	/** With the first request, as they are made when they are needed. */
	private static Supplier<List<HandlerMapping>> once(ObjectProvider<HandlerMapping> mappings) {
		return SingletonSupplier.of(() -> mappings.orderedStream().toList());
	}

	/**
	 * What Spring Security needs.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SecurityWebFilterChain.class)
	static class SecurityConfiguration {

		@Bean
		CrossOriginHeaders.Filters crossOriginFiltersOfSecurity(ObjectProvider<SecurityWebFilterChain> chains) {
			Supplier<List<SecurityWebFilterChain>> all = SingletonSupplier.of(() -> chains.orderedStream().toList());
			return (exchange) -> Flux.fromIterable(all.get())
				.filterWhen((chain) -> chain.matches(exchange))
				.next()
				.flatMapMany(SecurityWebFilterChain::getWebFilters)
				.filter(CorsWebFilter.class::isInstance);
		}

	}

}
