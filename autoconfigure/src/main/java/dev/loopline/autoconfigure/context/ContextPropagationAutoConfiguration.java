package dev.loopline.autoconfigure.context;

import io.micrometer.context.ContextSnapshotFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.TaskRuntimeConfigCustomizer;

/**
 * Auto-configuration that carries the spawner's context along with tasks and messages.
 */
@AutoConfiguration(before = TaskRuntimeAutoConfiguration.class)
@ConditionalOnClass(ContextSnapshotFactory.class)
public final class ContextPropagationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ContextPropagationHooks contextPropagationHooks() {
		return new ContextPropagationHooks();
	}

	@Bean
	TaskRuntimeConfigCustomizer contextPropagationCustomizer(ContextPropagationHooks hooks) {
		return (builder) -> builder.taskHooks(hooks);
	}

}
