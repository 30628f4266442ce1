package dev.loopline.autoconfigure.actuate;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.StrandResourceFactory;

/**
 * Auto-configuration of the {@link TaskRuntimeHealthIndicator}.
 */
@AutoConfiguration(after = ReactorNettyRuntimeAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, StrandResourceFactory.class })
@ConditionalOnEnabledHealthIndicator("loopline")
@ConditionalOnBean(StrandResourceFactory.class)
public final class TaskRuntimeHealthAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "looplineHealthIndicator")
	TaskRuntimeHealthIndicator looplineHealthIndicator(StrandResourceFactory resources) {
		return new TaskRuntimeHealthIndicator(resources::runtime);
	}

}
