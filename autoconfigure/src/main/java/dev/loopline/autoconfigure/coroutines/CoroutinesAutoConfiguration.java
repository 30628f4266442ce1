package dev.loopline.autoconfigure.coroutines;

import kotlinx.coroutines.CoroutineDispatcher;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.server.CoWebFilter;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;

/**
 * Auto-configuration that lets the coroutines of a request go on on its strand.
 */
@AutoConfiguration(afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass({ CoroutineDispatcher.class, CoWebFilter.class })
@ConditionalOnStrandConnections
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnBooleanProperty(name = "loopline.web.coroutines", matchIfMissing = true)
public final class CoroutinesAutoConfiguration {

	@Bean
	StrandDispatcherFilter strandDispatcherFilter() {
		return new StrandDispatcherFilter();
	}

}
