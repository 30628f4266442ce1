package dev.loopline.autoconfigure.reactor;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import dev.loopline.autoconfigure.TaskRuntimeInitializer;

/**
 * Guards the runtime from Reactor's {@code block()}.
 */
@Configuration(proxyBeanMethods = false)
class BlockingGuardConfiguration {

	@Bean
	TaskRuntimeInitializer blockingGuard() {
		return (runtime) -> BlockingGuard.install();
	}

}
