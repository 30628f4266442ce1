package dev.loopline.autoconfigure.webclient;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Auto-configuration of the layers around {@code WebClient}s.
 */
@AutoConfiguration(beforeName = "org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration",
		afterName = "org.springframework.cloud.loadbalancer.config.LoadBalancerAutoConfiguration")
@ConditionalOnClass({ WebClient.class, WebClientCustomizer.class })
@ConditionalOnBooleanProperty(name = "loopline.enabled", matchIfMissing = true)
@EnableConfigurationProperties({ ClientDeadlineProperties.class, ClientLimitsProperties.class })
public final class WebClientLayersAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ClientLimits clientLimits(ClientLimitsProperties properties, ObjectProvider<ServiceDiscovery> discovery) {
		return new ClientLimits(properties, discovery.getIfAvailable());
	}

	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE - 10)
	WebClientCustomizer limitsWebClientCustomizer(ClientLimits limits) {
		return (builder) -> {
			if (!limits.isEmpty()) {
				builder.filter(limits::filter);
			}
		};
	}

	/** The innermost: what the layers outside of it repeat is told anew what is left. */
	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	@ConditionalOnBooleanProperty(name = "loopline.client.deadlines.enabled", matchIfMissing = true)
	WebClientCustomizer deadlineWebClientCustomizer(ClientDeadlineProperties properties) {
		DeadlineFilter filter = new DeadlineFilter(properties);
		return (builder) -> builder.filter(filter);
	}

	/**
	 * What Spring Cloud LoadBalancer needs.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(LoadBalancerClientFactory.class)
	static class LoadBalancerConfiguration {

		@Bean
		@ConditionalOnBean(LoadBalancerClientFactory.class)
		CloudDiscovery cloudDiscovery(LoadBalancerClientFactory services) {
			return new CloudDiscovery(services);
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
		ClientLimitMetrics clientLimitMetrics(ClientLimits limits) {
			return new ClientLimitMetrics(limits);
		}

	}

}
