package dev.loopline.autoconfigure.drill;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.reactor.netty.NettyWebServer;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.DispatcherHandler;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.TaskRuntimeProperties;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.netty.Transport;

/**
 * Auto-configuration that practises blocking before a handler does.
 */
@AutoConfiguration(afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass({ DispatcherHandler.class, NettyWebServer.class })
@ConditionalOnStrandConnections
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnBooleanProperty(name = "loopline.drill.enabled", matchIfMissing = true)
public final class DrillAutoConfiguration {

	@Bean
	Drill drill(TaskRuntimeConfig config, Transport transport, TaskRuntimeProperties properties) {
		return new Drill(config, transport, properties.getThreadNamePrefix());
	}

}
