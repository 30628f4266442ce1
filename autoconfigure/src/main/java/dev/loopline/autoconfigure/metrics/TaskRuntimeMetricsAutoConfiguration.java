package dev.loopline.autoconfigure.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.StrandResourceFactory;

/**
 * Auto-configuration of the meters of the task runtime.
 */
@AutoConfiguration(after = ReactorNettyRuntimeAutoConfiguration.class)
@ConditionalOnClass({ MeterRegistry.class, StrandResourceFactory.class })
@ConditionalOnBean(StrandResourceFactory.class)
public final class TaskRuntimeMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	TaskRuntimeMetrics taskRuntimeMetrics(StrandResourceFactory resources) {
		return new TaskRuntimeMetrics(() -> resources.runtime().snapshot());
	}

}
