package dev.loopline.autoconfigure.limits;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import reactor.netty.http.server.HttpServer;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.web.CrossOriginHeaders;
import dev.loopline.autoconfigure.web.ManagementPath;

/**
 * Auto-configuration of the deadlines that requests bring with them.
 */
@AutoConfiguration(afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass({ HttpServer.class, HttpHandlerDecoratorFactory.class })
@ConditionalOnStrandConnections
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnBooleanProperty(name = "loopline.web.deadlines.enabled", matchIfMissing = true)
@EnableConfigurationProperties(DeadlineProperties.class)
public final class DeadlineAutoConfiguration {

	@Bean
	DeadlineCounts deadlineCounts() {
		return new DeadlineCounts();
	}

	/** Between the refusals of an overload, which cost less, and the limits. */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE + 5)
	HttpHandlerDecoratorFactory deadlineDecorator(DeadlineProperties properties, DeadlineCounts counts,
			ObjectProvider<ManagementPath> management, ObjectProvider<CrossOriginHeaders> crossOrigin) {
		DeadlineHeaders headers = DeadlineHeaders.of("loopline.web.deadlines.header", properties.getHeader());
		ManagementPath path = management.getIfAvailable(() -> new ManagementPath(""));
		return (handler) -> new DeadlineHttpHandler(handler, headers, path, counts,
				crossOrigin.getIfAvailable(() -> CrossOriginHeaders.NONE));
	}

	/**
	 * What Micrometer needs.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterRegistry.class)
	static class MetricsConfiguration {

		@Bean
		DeadlineMetrics deadlineMetrics(DeadlineCounts counts) {
			return new DeadlineMetrics(counts);
		}

	}

}
