package dev.loopline.autoconfigure.security;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.security.authentication.AbstractUserDetailsReactiveAuthenticationManager;
import org.springframework.security.config.web.server.ServerHttpSecurity;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;
import dev.loopline.autoconfigure.reactor.StrandScheduler;

/**
 * Auto-configuration that lets Spring Security check passwords on the task runtime.
 */
@AutoConfiguration(afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass({ AbstractUserDetailsReactiveAuthenticationManager.class, ServerHttpSecurity.class })
@ConditionalOnStrandConnections
@ConditionalOnBooleanProperty(name = "loopline.security.passwords", matchIfMissing = true)
public final class SecurityAutoConfiguration {

	private SecurityAutoConfiguration() {
	}

	@Bean
	static PasswordsOnStrands passwordsOnStrands(ObjectProvider<TaskRuntimeLifecycle> lifecycle) {
		return new PasswordsOnStrands(() -> StrandScheduler.of(lifecycle.getObject().runtime()));
	}

}
