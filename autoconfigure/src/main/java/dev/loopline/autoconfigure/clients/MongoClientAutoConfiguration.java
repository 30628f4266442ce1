package dev.loopline.autoconfigure.clients;

import com.mongodb.reactivestreams.client.MongoClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.context.annotation.Bean;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;

/**
 * Auto-configuration that lets what MongoDB's reactive driver delivers arrive on the task
 * runtime, each subscription on a strand of its own.
 */
@AutoConfiguration(beforeName = "org.springframework.boot.mongodb.autoconfigure.MongoReactiveAutoConfiguration",
		afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass({ MongoClient.class, MongoClientSettingsBuilderCustomizer.class })
@ConditionalOnStrandConnections
@ConditionalOnBooleanProperty(name = "loopline.clients.mongodb", matchIfMissing = true)
public final class MongoClientAutoConfiguration {

	/*-
	 * Connections stay on event loops of Boot's: the driver keeps those whose loop has ended with the runtime when a
	 * context is stopped, and its monitor waits for ever for a write to them.
	 */

	private MongoClientAutoConfiguration() {
	}

	@Bean
	static ContinuingMongoClients continuingMongoClients(ConfigurableListableBeanFactory beans,
			ObjectProvider<TaskRuntimeLifecycle> lifecycle) {
		return new ContinuingMongoClients(new BootsBeans(beans, "org.springframework.boot.mongodb.autoconfigure"),
				() -> new ClientWork(lifecycle.getObject()));
	}

}
