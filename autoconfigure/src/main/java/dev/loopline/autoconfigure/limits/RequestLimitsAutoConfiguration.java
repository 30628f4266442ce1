package dev.loopline.autoconfigure.limits;

import java.util.Map;

import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.RedisClient;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.webflux.autoconfigure.WebHttpHandlerBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.netty.http.server.HttpServer;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;
import dev.loopline.autoconfigure.web.CrossOriginHeaders;
import dev.loopline.autoconfigure.web.ManagementPath;

/**
 * Auto-configuration of the limits of routes.
 */
@AutoConfiguration(afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass({ HttpServer.class, HttpHandlerDecoratorFactory.class, WebHttpHandlerBuilderCustomizer.class })
@ConditionalOnStrandConnections
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@EnableConfigurationProperties(LimitsProperties.class)
public final class RequestLimitsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RequestLimits requestLimits(LimitsProperties properties,
			@Qualifier("requestMappingHandlerMapping") ObjectProvider<RequestMappingHandlerMapping> controllers,
			ObjectProvider<ForwardedHeaderTransformer> forwarded, ObjectProvider<ManagementPath> management,
			ObjectProvider<SharedRates> sharing) {
		RequestMappingHandlerMapping mapping = controllers.getIfAvailable();
		ForwardedHeaderTransformer transformer = forwarded.getIfAvailable();
		return RequestLimits.of(properties,
				(mapping != null) ? mapping.getPathPatternParser() : PathPatternParser.defaultInstance,
				(mapping != null) ? mapping.getHandlerMethods() : Map.of(),
				new RateKeys((transformer != null) ? transformer::apply : (request) -> request),
				management.getIfAvailable(() -> new ManagementPath("")),
				sharing.getIfAvailable(() -> SharedRates.NONE));
	}

	/** Outside of the one that gives requests strands and threads. */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE + 10)
	HttpHandlerDecoratorFactory requestLimitsDecorator(RequestLimits limits,
			ObjectProvider<CrossOriginHeaders> crossOrigin) {
		CrossOriginHeaders headers = crossOrigin.getIfAvailable(() -> CrossOriginHeaders.NONE);
		LimitTable table = limits.table();
		return (handler) -> table.isEmpty() ? handler : new LimitHttpHandler(handler, table, headers);
	}

	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	WebHttpHandlerBuilderCustomizer principalRateFilter(RequestLimits limits,
			ObjectProvider<CrossOriginHeaders> crossOrigin) {
		CrossOriginHeaders headers = crossOrigin.getIfAvailable(() -> CrossOriginHeaders.NONE);
		return (builder) -> {
			if (limits.limitPrincipals()) {
				builder.filters((filters) -> filters.add(new PrincipalRateFilter(limits.table(), headers)));
			}
		};
	}

	/** Before Boot's, which would say that the server is at fault. */
	@Bean
	@Order(-2)
	LayerExceptionHandler layerExceptionHandler() {
		return new LayerExceptionHandler();
	}

	/**
	 * What Bucket4j and Lettuce need.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Bucket4jLettuce.class, RedisClient.class, LettuceConnectionFactory.class })
	@EnableConfigurationProperties(SharedRateProperties.class)
	static class RedisConfiguration {

		@Bean
		RedisRates redisRates(SharedRateProperties properties, ObjectProvider<LettuceConnectionFactory> factories,
				TaskRuntimeLifecycle lifecycle, Environment environment) {
			return new RedisRates(properties, factories, lifecycle::runtime,
					environment.getProperty("spring.application.name", ""));
		}

	}

	/**
	 * What Micrometer needs.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterRegistry.class)
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		LimitMetrics limitMetrics(RequestLimits limits) {
			return new LimitMetrics(limits);
		}

	}

}
