package dev.loopline.autoconfigure.actuate;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;

/**
 * Auto-configuration of the {@link TaskRuntimeHealthIndicator}, which is there even if
 * connections do not run on the runtime: Boot refuses a group without its members.
 */
@AutoConfiguration(after = TaskRuntimeAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnEnabledHealthIndicator("loopline")
@ConditionalOnBean(TaskRuntimeLifecycle.class)
public final class TaskRuntimeHealthAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "looplineHealthIndicator")
	TaskRuntimeHealthIndicator looplineHealthIndicator(TaskRuntimeLifecycle lifecycle) {
		return new TaskRuntimeHealthIndicator(lifecycle::runtimeInUse);
	}

}
