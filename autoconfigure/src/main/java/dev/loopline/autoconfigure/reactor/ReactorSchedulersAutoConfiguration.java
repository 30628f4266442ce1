package dev.loopline.autoconfigure.reactor;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.reactor.netty.autoconfigure.ReactorNettyProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServer;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.TaskRuntimeProperties;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

/**
 * Auto-configuration that offers the task runtime to the application: as itself, as a
 * Reactor scheduler and, if asked to, in place of Reactor's own schedulers. The first two
 * are there even if connections do not run on it.
 */
@AutoConfiguration(after = { ReactorNettyRuntimeAutoConfiguration.class, TaskRuntimeAutoConfiguration.class })
@ConditionalOnClass(Scheduler.class)
@ConditionalOnBean(TaskRuntimeConfig.class)
public final class ReactorSchedulersAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(RuntimeSource.class)
	RuntimeOnDemand runtimeOnDemand(TaskRuntimeConfig config, TaskRuntimeProperties properties) {
		return new RuntimeOnDemand(config, properties.getBlocking().isAllowBlock());
	}

	/**
	 * A prototype: a context that was restarted has a new runtime.
	 */
	@Bean
	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	@ConditionalOnMissingBean
	TaskRuntime taskRuntime(RuntimeSource source) {
		return source.runtime();
	}

	@Bean
	@ConditionalOnMissingBean(Scheduler.class)
	StrandScheduler strandScheduler(RuntimeSource source) {
		return new StrandScheduler(source::runtime, "loopline", StrandScheduler.Kind.PARALLEL);
	}

	/**
	 * In place of Reactor's own.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HttpServer.class, ReactorResourceFactory.class, ReactorNettyProperties.class })
	@ConditionalOnBean(StrandResourceFactory.class)
	@ConditionalOnBooleanProperty("loopline.reactor.schedulers")
	static class RuntimeSchedulersConfiguration {

		@Bean
		RuntimeSchedulers runtimeSchedulers(StrandResourceFactory resources) {
			return new RuntimeSchedulers(resources);
		}

	}

}
