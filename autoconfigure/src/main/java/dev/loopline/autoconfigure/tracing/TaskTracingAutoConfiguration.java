package dev.loopline.autoconfigure.tracing;

import io.micrometer.tracing.Tracer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.TaskRuntimeConfigCustomizer;

/**
 * Auto-configuration that gives tasks spans of their own.
 */
@AutoConfiguration(before = TaskRuntimeAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration",
		beforeName = "org.springframework.boot.micrometer.tracing.autoconfigure.NoopTracerAutoConfiguration")
@ConditionalOnClass(Tracer.class)
@ConditionalOnBean(Tracer.class)
public final class TaskTracingAutoConfiguration {

	/** After the hooks that restore the spawner's context, in which the span lies. */
	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	@ConditionalOnBooleanProperty("loopline.tracing.tasks")
	@ConditionalOnBooleanProperty(name = "loopline.tracing.enabled", matchIfMissing = true)
	TaskRuntimeConfigCustomizer taskTracingCustomizer(ObjectProvider<Tracer> tracer,
			ObjectProvider<StallEvents> stallEvents) {
		return (builder) -> builder.taskHooks(new TaskTracingHooks(tracer, stallEvents));
	}

}
