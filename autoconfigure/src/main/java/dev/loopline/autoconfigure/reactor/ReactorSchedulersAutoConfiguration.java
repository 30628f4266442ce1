package dev.loopline.autoconfigure.reactor;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.reactor.netty.autoconfigure.ReactorNettyProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Scope;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServer;

import dev.loopline.runtime.TaskRuntime;

/**
 * Auto-configuration that offers the task runtime to the application: as itself, as a
 * Reactor scheduler and, if asked to, in place of Reactor's own schedulers.
 */
@AutoConfiguration(after = ReactorNettyRuntimeAutoConfiguration.class)
@ConditionalOnClass({ HttpServer.class, ReactorResourceFactory.class, ReactorNettyProperties.class })
@ConditionalOnBean(StrandResourceFactory.class)
public final class ReactorSchedulersAutoConfiguration {

	/**
	 * A prototype: a context that was restarted has a new runtime.
	 */
	@Bean
	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	@ConditionalOnMissingBean
	TaskRuntime taskRuntime(StrandResourceFactory resources) {
		return resources.runtime();
	}

	@Bean
	@ConditionalOnMissingBean(Scheduler.class)
	StrandScheduler strandScheduler(StrandResourceFactory resources) {
		return new StrandScheduler(resources::runtime, "loopline", StrandScheduler.Kind.PARALLEL);
	}

	@Bean
	@ConditionalOnBooleanProperty("loopline.reactor.schedulers")
	RuntimeSchedulers runtimeSchedulers(StrandResourceFactory resources) {
		return new RuntimeSchedulers(resources);
	}

}
