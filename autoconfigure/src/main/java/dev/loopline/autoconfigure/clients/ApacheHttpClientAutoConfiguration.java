package dev.loopline.autoconfigure.clients;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.http.client.reactive.HttpComponentsClientHttpConnectorBuilder;
import org.springframework.context.annotation.Bean;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;

/**
 * Auto-configuration that lets what Apache's client receives continue on the task runtime
 * where it is WebClient's, on a strand of the work that asked. Apache's threads stay:
 * they wait in selectors.
 */
@AutoConfiguration(
		beforeName = "org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration",
		afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass(value = HttpComponentsClientHttpConnectorBuilder.class,
		name = "org.apache.hc.core5.reactive.ReactiveResponseConsumer")
@ConditionalOnStrandConnections
@ConditionalOnBooleanProperty(name = "loopline.clients.apache-http", matchIfMissing = true)
public final class ApacheHttpClientAutoConfiguration {

	private ApacheHttpClientAutoConfiguration() {
	}

	@Bean
	static StrandConnectors apacheStrandConnectors(ConfigurableListableBeanFactory beans,
			ObjectProvider<TaskRuntimeLifecycle> lifecycle) {
		return new StrandConnectors(HttpComponentsClientHttpConnectorBuilder.class, beans,
				() -> new ClientScheduler(new ClientWork(lifecycle.getObject())), true);
	}

}
