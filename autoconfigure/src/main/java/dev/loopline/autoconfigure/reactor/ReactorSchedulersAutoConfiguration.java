package dev.loopline.autoconfigure.reactor;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.reactor.netty.autoconfigure.ReactorNettyProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServer;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;
import dev.loopline.autoconfigure.TaskRuntimeProperties;

/**
 * Auto-configuration that offers the task runtime to Reactor: as a scheduler, which is
 * there even if connections do not run on it, and in place of Reactor's own schedulers.
 */
@AutoConfiguration(after = { ReactorNettyRuntimeAutoConfiguration.class, TaskRuntimeAutoConfiguration.class })
@ConditionalOnClass(Scheduler.class)
@ConditionalOnBean(TaskRuntimeLifecycle.class)
@Import(BlockingGuardConfiguration.class)
public final class ReactorSchedulersAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(Scheduler.class)
	StrandScheduler strandScheduler(TaskRuntimeLifecycle lifecycle) {
		return new StrandScheduler(lifecycle::runtime, "loopline", StrandScheduler.Kind.PARALLEL);
	}

	/**
	 * In place of Reactor's own.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HttpServer.class, ReactorResourceFactory.class, ReactorNettyProperties.class })
	@ConditionalOnStrandConnections
	@Conditional(OnReactorSchedulersCondition.class)
	static class RuntimeSchedulersConfiguration {

		@Bean
		RuntimeSchedulers runtimeSchedulers(TaskRuntimeLifecycle lifecycle, TaskRuntimeProperties properties) {
			return new RuntimeSchedulers(lifecycle, properties.getReactor().isBoundedElastic());
		}

	}

}
