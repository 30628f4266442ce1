package dev.loopline.autoconfigure.clients;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.util.function.SingletonSupplier;
import reactor.netty.http.HttpResources;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;

/**
 * Auto-configuration that runs clients on the task runtime which use Reactor Netty's
 * resources of the JVM, as {@code WebClient.create()} does.
 */
@AutoConfiguration(afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass(HttpResources.class)
@ConditionalOnStrandConnections
@ConditionalOnBooleanProperty(name = "loopline.clients.reactor-netty", matchIfMissing = true)
@Import(ClientLoopsConfiguration.class)
public final class ReactorNettyGlobalsAutoConfiguration {

	private ReactorNettyGlobalsAutoConfiguration() {
	}

	@Bean
	static ContinuingClients continuingClients() {
		return new ContinuingClients();
	}

	@Bean
	static GlobalLoopsInstaller globalLoopsInstaller(ObjectProvider<ClientLoops> loops) {
		return new GlobalLoopsInstaller(SingletonSupplier.of(loops::getObject));
	}

}
