package dev.loopline.autoconfigure.actuate;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

import dev.loopline.autoconfigure.reactor.ReactorSchedulersAutoConfiguration;
import dev.loopline.autoconfigure.reactor.RuntimeSource;

/**
 * Auto-configuration of the {@link TaskRuntimeHealthIndicator}, which is there even if
 * connections do not run on the runtime: Boot refuses a group without its members.
 */
@AutoConfiguration(after = ReactorSchedulersAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnEnabledHealthIndicator("loopline")
@ConditionalOnBean(RuntimeSource.class)
public final class TaskRuntimeHealthAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "looplineHealthIndicator")
	TaskRuntimeHealthIndicator looplineHealthIndicator(RuntimeSource source) {
		return new TaskRuntimeHealthIndicator(source::runtimeInUse);
	}

}
