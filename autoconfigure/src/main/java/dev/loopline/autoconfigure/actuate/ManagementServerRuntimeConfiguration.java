package dev.loopline.autoconfigure.actuate;

import java.time.Duration;
import java.util.List;

import org.slf4j.event.Level;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.autoconfigure.ReactorNettyProperties;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.TaskRuntimeConfigFactory;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;
import dev.loopline.autoconfigure.reactor.StrandResourceFactory;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.netty.Transport;

/**
 * Gives a separate management server a small runtime of its own, so that health and
 * metrics are answered even when every thread of the application is stuck. By default it
 * would take the global event loops.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnClass({ NettyReactiveWebServerFactory.class, StrandResourceFactory.class })
@ConditionalOnStrandConnections
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
public final class ManagementServerRuntimeConfiguration {

	/** For operations that block: a handful of probes, scrapes and viewers at a time. */
	private static final int BLOCKING_THREADS = 16;

	@Bean(defaultCandidate = false)
	TaskRuntimeLifecycle managementRuntime(TaskRuntimeConfigFactory configs, Transport transport) {
		TaskRuntimeConfig config = configs.createBeside("management",
				(builder) -> builder.flavour(TaskRuntimeConfig.Flavour.MULTI_THREAD)
					.workers(1)
					.idleSpin(Duration.ZERO)
					.blockingThreads(BLOCKING_THREADS));
		return new TaskRuntimeLifecycle(config, transport, List.of());
	}

	@Bean(defaultCandidate = false)
	StrandResourceFactory managementResources(@Qualifier("managementRuntime") TaskRuntimeLifecycle lifecycle,
			Transport transport, ReactorNettyProperties nettyProperties) {
		StrandResourceFactory factory = new StrandResourceFactory(lifecycle, transport, Level.DEBUG);
		PropertyMapper map = PropertyMapper.get();
		map.from(nettyProperties::getShutdownQuietPeriod).to(factory::setShutdownQuietPeriod);
		return factory;
	}

	@Bean
	WebServerFactoryCustomizer<NettyReactiveWebServerFactory> managementServerRuntimeCustomizer(
			@Qualifier("managementResources") StrandResourceFactory resources) {
		return (server) -> server.setResourceFactory(resources);
	}

	/**
	 * A server takes the decorators of parent contexts too. Those of the application
	 * would move requests to its runtime, and take what they do for the application's;
	 * beans of the same names hide them.
	 */
	@Bean({ "requestStrands", "requestContextDecorator", "admissionDecorator", "priorityDecorator",
			"requestLimitsDecorator", "deadlineDecorator" })
	HttpHandlerDecoratorFactory undecorated() {
		return (handler) -> handler;
	}

}
