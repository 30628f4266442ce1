package dev.loopline.autoconfigure.clients;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.http.client.reactive.JettyClientHttpConnectorBuilder;
import org.springframework.context.annotation.Bean;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;

/**
 * Auto-configuration that lets what Jetty's client receives continue on the task runtime
 * where it is WebClient's, on a strand of the work that asked. Jetty's threads stay: they
 * wait in selectors.
 */
@AutoConfiguration(
		beforeName = "org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration",
		afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass(value = JettyClientHttpConnectorBuilder.class,
		name = "org.eclipse.jetty.reactive.client.ReactiveRequest")
@ConditionalOnStrandConnections
@ConditionalOnBooleanProperty(name = "loopline.clients.jetty-http", matchIfMissing = true)
public final class JettyHttpClientAutoConfiguration {

	private JettyHttpClientAutoConfiguration() {
	}

	@Bean
	static StrandConnectors jettyStrandConnectors(ConfigurableListableBeanFactory beans,
			ObjectProvider<TaskRuntimeLifecycle> lifecycle) {
		return new StrandConnectors(JettyClientHttpConnectorBuilder.class, beans,
				() -> new ClientScheduler(new ClientWork(lifecycle.getObject())), false);
	}

}
