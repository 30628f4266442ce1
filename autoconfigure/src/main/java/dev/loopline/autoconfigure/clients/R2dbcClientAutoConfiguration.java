package dev.loopline.autoconfigure.clients;

import io.r2dbc.spi.ConnectionFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.r2dbc.autoconfigure.ConnectionFactoryOptionsBuilderCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;

/**
 * Auto-configuration that runs connections to databases by R2DBC on the task runtime.
 */
@AutoConfiguration(beforeName = "org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration",
		afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass({ ConnectionFactory.class, ConnectionFactoryOptionsBuilderCustomizer.class })
@ConditionalOnStrandConnections
@ConditionalOnBooleanProperty("loopline.clients.r2dbc")
@Import(ClientLoopsConfiguration.class)
public final class R2dbcClientAutoConfiguration {

	/** First, so that a customizer of the user has the last word. */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ConnectionFactoryOptionsBuilderCustomizer strandConnectionFactoryOptionsCustomizer(ClientLoops loops) {
		return new R2dbcLoopsCustomizer(loops);
	}

	@Bean
	R2dbcFarewell r2dbcFarewell(ApplicationContext context) {
		return new R2dbcFarewell(context);
	}

}
