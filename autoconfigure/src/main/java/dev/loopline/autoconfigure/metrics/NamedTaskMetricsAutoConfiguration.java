package dev.loopline.autoconfigure.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.TaskRuntimeConfigCustomizer;

/**
 * Auto-configuration of the meters of tasks that have names.
 */
@AutoConfiguration(before = TaskRuntimeAutoConfiguration.class)
@ConditionalOnClass(MeterRegistry.class)
public final class NamedTaskMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	NamedTaskMetrics namedTaskMetrics() {
		return new NamedTaskMetrics();
	}

	@Bean
	TaskRuntimeConfigCustomizer namedTaskMetricsCustomizer(NamedTaskMetrics metrics) {
		return (builder) -> builder.taskHooks(metrics);
	}

}
