package dev.loopline.autoconfigure.clients;

import io.lettuce.core.RedisClient;
import org.springframework.boot.autoconfigure.AbstractDependsOnBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.reactor.StrandResourceFactory;
import dev.loopline.runtime.netty.Transport;

/**
 * Auto-configuration that runs Lettuce on the task runtime. Its one connection is shared
 * by everybody, so what a subscription receives continues on a strand of its own.
 */
@AutoConfiguration(beforeName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
		afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass({ RedisClient.class, ClientResourcesBuilderCustomizer.class, LettuceConnectionFactory.class })
@ConditionalOnStrandConnections
@ConditionalOnBooleanProperty(name = "loopline.clients.lettuce", matchIfMissing = true)
@Import(ClientLoopsConfiguration.class)
public final class LettuceClientAutoConfiguration {

	/** First, so that a customizer of the user has the last word. */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ClientResourcesBuilderCustomizer strandClientResourcesCustomizer(ClientLoops loops, Transport transport) {
		return (resources) -> {
			if (LettuceTransport.isUsable(transport)) {
				resources.eventLoopGroupProvider(new LettuceLoops(loops));
			}
			resources.eventExecutorGroup(new ClientExecutors(loops));
		};
	}

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	LettuceClientOptionsBuilderCustomizer strandLettuceOptionsCustomizer() {
		return (options) -> options.publishOnScheduler(true);
	}

	/**
	 * Ends the client first, while there still are event loops.
	 */
	@Bean
	static AbstractDependsOnBeanFactoryPostProcessor strandLettuceDependency() {
		return new LettuceDependency();
	}

	private static final class LettuceDependency extends AbstractDependsOnBeanFactoryPostProcessor {

		LettuceDependency() {
			super(LettuceConnectionFactory.class, StrandResourceFactory.class);
		}

	}

}
