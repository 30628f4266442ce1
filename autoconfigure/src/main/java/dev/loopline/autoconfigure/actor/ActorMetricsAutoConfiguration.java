package dev.loopline.autoconfigure.actor;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.TaskRuntimeConfigCustomizer;

/**
 * Auto-configuration of the meters of actors.
 */
@AutoConfiguration(before = TaskRuntimeAutoConfiguration.class)
@ConditionalOnClass(MeterRegistry.class)
public final class ActorMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ActorMetrics actorMetrics() {
		return new ActorMetrics();
	}

	@Bean
	TaskRuntimeConfigCustomizer actorMetricsCustomizer(ActorMetrics metrics) {
		return (builder) -> builder.taskHooks(metrics);
	}

}
