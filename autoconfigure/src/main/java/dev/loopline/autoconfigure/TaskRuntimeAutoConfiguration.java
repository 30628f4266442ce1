package dev.loopline.autoconfigure;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.context.annotation.Bean;

import dev.loopline.runtime.StallListener;
import dev.loopline.runtime.TaskRuntimeConfig;

/**
 * Auto-configuration for the configuration of the task runtime.
 */
@AutoConfiguration
@EnableConfigurationProperties(TaskRuntimeProperties.class)
public final class TaskRuntimeAutoConfiguration {

	@Bean
	StallListenerBeans stallListenerBeans(ObjectProvider<StallListener> listeners) {
		return new StallListenerBeans(listeners);
	}

	@Bean
	@ConditionalOnMissingBean
	TaskRuntimeConfig taskRuntimeConfig(TaskRuntimeProperties properties, StallListenerBeans listeners,
			BeanFactory beanFactory, ObjectProvider<TaskRuntimeConfigCustomizer> customizers) {
		return TaskRuntimeConfig.of((builder) -> {
			if (AutoConfigurationPackages.has(beanFactory)) {
				builder.applicationPackages(AutoConfigurationPackages.get(beanFactory));
			}
			builder.stallListeners(listeners);
			apply(properties, builder);
			customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
		});
	}

	private static void apply(TaskRuntimeProperties properties, TaskRuntimeConfig.Builder builder) {
		PropertyMapper map = PropertyMapper.get();
		map.from(properties::getFlavour).to(builder::flavour);
		map.from(properties::getWorkers).to(builder::workers);
		map.from(properties::getGlobalQueueInterval).to(builder::globalQueueInterval);
		map.from(properties::getEventInterval).to(builder::eventInterval);
		map.from(properties::getIdleSpin).to(builder::idleSpin);
		map.from(properties::getThreadNamePrefix).as(RuntimeThreadFactory::new).to(builder::threadFactory);
		map.from(properties.getCoop()::getBudget).to(builder::budget);
		map.from(properties.getCoop()::getQuantum).to(builder::quantum);
		map.from(properties.getBlocking()::getMaxThreads).to(builder::blockingThreads);
		map.from(properties.getBlocking()::getQueueCapacity).to(builder::blockingQueueCapacity);
		map.from(properties.getBlocking()::getKeepAlive).to(builder::blockingKeepAlive);
		map.from(properties.getStall()::getThreshold).to(builder::stallThreshold);
		map.from(properties.getStall()::getLog).to(builder::stallLog);
		map.from(properties.getStall()::getApplicationPackages)
			.when((packages) -> !packages.isEmpty())
			.to(builder::applicationPackages);
		map.from(properties.getStall()::getFrameworkPackages).to(builder::frameworkPackages);
	}

}
