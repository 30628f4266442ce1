package dev.loopline.autoconfigure.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.registry.otlp.OtlpMetricsSender;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.Refusals;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;

/**
 * Auto-configuration of the meters of the task runtime.
 */
@AutoConfiguration(afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnStrandConnections
public final class TaskRuntimeMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	TaskRuntimeMetrics taskRuntimeMetrics(TaskRuntimeLifecycle lifecycle) {
		return new TaskRuntimeMetrics(() -> lifecycle.runtime().diagnostics().snapshot());
	}

	@Bean
	@ConditionalOnMissingBean
	RefusalMetrics refusalMetrics(ObjectProvider<Refusals> refusals) {
		return new RefusalMetrics(refusals.getIfAvailable(Refusals::new));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(OtlpMetricsSender.class)
	static class Otlp {

		@Bean
		static BeanPostProcessor otlpHistograms(ObjectProvider<TaskRuntimeMetrics> metrics) {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String name) {
					return (bean instanceof OtlpMetricsSender sender)
							? new OtlpHistograms(sender, () -> metrics.getObject().histograms()) : bean;
				}

			};
		}

	}

}
