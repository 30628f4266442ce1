package dev.loopline.autoconfigure.tracing;

import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelSpan;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;

/**
 * Auto-configuration that lets the span of a request say where its time went.
 */
@AutoConfiguration(afterName = { ConditionalOnStrandConnections.DECIDED_BY,
		"org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
		"org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration" },
		beforeName = "org.springframework.boot.micrometer.tracing.autoconfigure.NoopTracerAutoConfiguration")
@ConditionalOnClass({ ServerRequestObservationContext.class, TracingObservationHandler.class })
@ConditionalOnBean({ ObservationRegistry.class, Tracer.class })
@ConditionalOnStrandConnections
@ConditionalOnBooleanProperty(name = "loopline.tracing.enabled", matchIfMissing = true)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
public final class RequestTracingAutoConfiguration {

	@Bean
	RequestTracingHandler requestTracingHandler(StallEvents stallEvents) {
		return new RequestTracingHandler(stallEvents);
	}

	@Bean
	@ConditionalOnMissingBean
	StallEvents namedStallEvents() {
		return new NamedStallEvents();
	}

	/**
	 * Where spans are OpenTelemetry's.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(OtelSpan.class)
	@ConditionalOnBean(OtelTracer.class)
	static class OpenTelemetryConfiguration {

		@Bean
		StallEvents openTelemetryStallEvents() {
			return new OpenTelemetryStallEvents();
		}

	}

}
