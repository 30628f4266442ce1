package dev.loopline.autoconfigure;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.netty.Transport;
import dev.loopline.runtime.stall.StallListener;

/**
 * Auto-configuration of the task runtime: its configuration, its life and the bean that
 * applications inject.
 */
@AutoConfiguration
@EnableConfigurationProperties(TaskRuntimeProperties.class)
public final class TaskRuntimeAutoConfiguration {

	@Bean
	StallListenerBeans stallListenerBeans(ObjectProvider<StallListener> listeners) {
		return new StallListenerBeans(listeners);
	}

	@Bean
	TaskRuntimeConfigFactory taskRuntimeConfigFactory(TaskRuntimeProperties properties, StallListenerBeans listeners,
			BeanFactory beanFactory, Environment environment, ObjectProvider<TaskRuntimeConfigCustomizer> customizers) {
		return new TaskRuntimeConfigFactory(properties, listeners, beanFactory, environment, customizers);
	}

	@Bean
	@ConditionalOnMissingBean
	TaskRuntimeConfig taskRuntimeConfig(TaskRuntimeConfigFactory factory) {
		return factory.create();
	}

	@Bean
	@ConditionalOnMissingBean
	TaskRuntimeLifecycle taskRuntimeLifecycle(TaskRuntimeConfig config, ObjectProvider<Transport> transport,
			ObjectProvider<TaskRuntimeInitializer> initializers) {
		return new TaskRuntimeLifecycle(config, transport.getIfAvailable(), initializers.orderedStream().toList());
	}

	/**
	 * Lazy: whoever has it injected gets a runtime with threads. It ends with its
	 * lifecycle.
	 */
	@Bean(destroyMethod = "")
	@Lazy
	@ConditionalOnMissingBean
	TaskRuntime taskRuntime(TaskRuntimeLifecycle lifecycle) {
		return lifecycle.runtime();
	}

}
