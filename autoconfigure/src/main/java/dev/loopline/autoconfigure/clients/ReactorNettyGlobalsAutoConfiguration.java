package dev.loopline.autoconfigure.clients;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.netty.http.HttpResources;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;

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

	/**
	 * What WebClient needs.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(WebClient.class)
	static class WebClientConfiguration {

		@Bean
		static ContinuingWebClients continuingWebClients(ObjectProvider<TaskRuntimeLifecycle> lifecycle) {
			return new ContinuingWebClients(
					SingletonSupplier.of(() -> new ContinuingFilter(new ClientWork(lifecycle.getObject()))));
		}

	}

	/**
	 * What builders need that are no beans, as those of groups of HTTP services.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ WebClient.class, WebClientCustomizer.class })
	static class WebClientCustomizerConfiguration {

		@Bean
		@Order(Ordered.LOWEST_PRECEDENCE)
		WebClientCustomizer continuingWebClientCustomizer(TaskRuntimeLifecycle lifecycle) {
			return (builder) -> builder.filter(new ContinuingFilter(new ClientWork(lifecycle)));
		}

	}

}
