package dev.loopline.autoconfigure.clients;

import io.rsocket.core.RSocketConnector;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.rsocket.RSocketConnectorConfigurer;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;

/**
 * Auto-configuration that lets what RSocket's requesters receive arrive on the task
 * runtime, each request on a strand of its own.
 */
@AutoConfiguration(beforeName = "org.springframework.boot.rsocket.autoconfigure.RSocketRequesterAutoConfiguration",
		afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass({ RSocketConnector.class, RSocketConnectorConfigurer.class })
@ConditionalOnStrandConnections
@ConditionalOnBooleanProperty(name = "loopline.clients.rsocket", matchIfMissing = true)
public final class RSocketClientStrandsAutoConfiguration {

	/** First, so that interceptors of the user are told on strands, too. */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	RSocketConnectorConfigurer strandRSocketConnectorConfigurer(TaskRuntimeLifecycle lifecycle) {
		RSocketStrands strands = new RSocketStrands(new RSocketRoutes(() -> null), new ClientWork(lifecycle));
		return (connector) -> connector.interceptors(strands::register);
	}

}
