package dev.loopline.autoconfigure.clients;

import io.rsocket.core.RSocketServer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.rsocket.server.RSocketServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.rsocket.annotation.support.RSocketMessageHandler;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;

/**
 * Auto-configuration that serves each request that RSocket's server receives on a strand
 * of its own.
 */
@AutoConfiguration(beforeName = "org.springframework.boot.rsocket.autoconfigure.RSocketServerAutoConfiguration",
		afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass({ RSocketServer.class, RSocketServerCustomizer.class, RSocketMessageHandler.class })
@ConditionalOnStrandConnections
@ConditionalOnBooleanProperty(name = "loopline.clients.rsocket-server", matchIfMissing = true)
@Import(ClientLoopsConfiguration.class)
public final class RSocketServerStrandsAutoConfiguration {

	/** First, so that interceptors of the user are told on strands, too. */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	RSocketServerCustomizer strandRSocketServerCustomizer(TaskRuntimeLifecycle lifecycle,
			ObjectProvider<RSocketMessageHandler> handler) {
		RSocketStrands strands = new RSocketStrands(new RSocketRoutes(handler::getIfUnique), new ClientWork(lifecycle));
		return (server) -> server.interceptors(strands::register);
	}

	@Bean
	static LastingRSocketServers lastingRSocketServers(ConfigurableListableBeanFactory beans,
			ObjectProvider<ClientLoops> loops) {
		return new LastingRSocketServers(new BootsBeans(beans, "org.springframework.boot.rsocket.autoconfigure"),
				loops::getObject);
	}

}
