package dev.loopline.autoconfigure.clients;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;

/**
 * Auto-configuration that runs the JDK's client for HTTP on the task runtime where it is
 * WebClient's: what it does beside its selector's thread, and what it receives, on a
 * strand of the work that asked.
 */
@AutoConfiguration(
		beforeName = "org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration",
		afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass(value = JdkClientHttpConnectorBuilder.class, name = "java.net.http.HttpClient")
@ConditionalOnStrandConnections
@ConditionalOnBooleanProperty(name = "loopline.clients.jdk-http", matchIfMissing = true)
public final class JdkHttpClientAutoConfiguration {

	/**
	 * First, so that a customizer of the user has the last word.
	 */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ClientHttpConnectorBuilderCustomizer<JdkClientHttpConnectorBuilder> strandJdkConnectorCustomizer(
			TaskRuntimeLifecycle lifecycle) {
		return (builder) -> builder.withExecutor(new ClientWork(lifecycle));
	}

	@Bean
	static StrandConnectors jdkStrandConnectors(ConfigurableListableBeanFactory beans,
			ObjectProvider<TaskRuntimeLifecycle> lifecycle) {
		return new StrandConnectors(JdkClientHttpConnectorBuilder.class, beans,
				() -> new ClientScheduler(new ClientWork(lifecycle.getObject())), false);
	}

}
