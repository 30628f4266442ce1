package dev.loopline.autoconfigure.clients;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.ConnectionFactory;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AbstractDependsOnBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.r2dbc.ConnectionFactoryDecorator;
import org.springframework.boot.r2dbc.autoconfigure.ConnectionFactoryOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.function.SingletonSupplier;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;
import dev.loopline.autoconfigure.reactor.StrandResourceFactory;

/**
 * Auto-configuration that runs connections to databases by R2DBC on the task runtime.
 */
@AutoConfiguration(beforeName = "org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration",
		afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass({ ConnectionFactory.class, ConnectionFactoryOptionsBuilderCustomizer.class })
@ConditionalOnStrandConnections
@ConditionalOnBooleanProperty(name = "loopline.clients.r2dbc", matchIfMissing = true)
@Import(ClientLoopsConfiguration.class)
public final class R2dbcClientAutoConfiguration {

	/**
	 * First, so that a customizer of the user has the last word. Beans may ask the
	 * database until they are destroyed, and pools say goodbye to it then.
	 */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ConnectionFactoryOptionsBuilderCustomizer strandConnectionFactoryOptionsCustomizer(ClientLoops loops,
			TaskRuntimeLifecycle lifecycle) {
		lifecycle.keepForBeans();
		return new R2dbcLoopsCustomizer(loops);
	}

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ConnectionFactoryDecorator freshConnectionFactoryDecorator() {
		return FreshConnectionFactory::of;
	}

	/**
	 * Destroys pools first, while there still are event loops.
	 */
	@Bean
	static AbstractDependsOnBeanFactoryPostProcessor strandR2dbcDependency() {
		return new R2dbcDependency();
	}

	/**
	 * Pools whose connections run on the runtime.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ConnectionPool.class, ProxyFactory.class })
	static class Pools {

		@Bean
		static ContinuingConnectionPools continuingConnectionPools(ObjectProvider<TaskRuntimeLifecycle> lifecycle) {
			return new ContinuingConnectionPools(SingletonSupplier.of(() -> new ClientWork(lifecycle.getObject())));
		}

	}

	private static final class R2dbcDependency extends AbstractDependsOnBeanFactoryPostProcessor {

		R2dbcDependency() {
			super(ConnectionFactory.class, StrandResourceFactory.class);
		}

	}

}
