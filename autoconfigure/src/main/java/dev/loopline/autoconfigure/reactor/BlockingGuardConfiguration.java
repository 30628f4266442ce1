package dev.loopline.autoconfigure.reactor;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import dev.loopline.autoconfigure.TaskRuntimeInitializer;
import dev.loopline.autoconfigure.TaskRuntimeProperties;

/**
 * Guards the runtime from Reactor's {@code block()}.
 */
@Configuration(proxyBeanMethods = false)
class BlockingGuardConfiguration {

	@Bean
	TaskRuntimeInitializer blockingGuard(TaskRuntimeProperties properties) {
		return (runtime) -> {
			BlockingGuard.install();
			if (properties.getBlocking().isAllowBlock()) {
				BlockingGuard.permit(runtime);
			}
		};
	}

}
