package dev.loopline.autoconfigure.actuate;

import io.netty.util.concurrent.DefaultThreadFactory;
import org.slf4j.event.Level;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.autoconfigure.ReactorNettyProperties;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;

import dev.loopline.autoconfigure.TaskRuntimeProperties;
import dev.loopline.autoconfigure.reactor.StrandResourceFactory;
import dev.loopline.runtime.TaskRuntimeConfig;

/**
 * Gives a separate management server a small runtime of its own, so that health and
 * metrics are answered even when every thread of the application is stuck. By default it
 * would take the global event loops.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnClass({ NettyReactiveWebServerFactory.class, StrandResourceFactory.class })
@ConditionalOnBean(StrandResourceFactory.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
public final class ManagementServerRuntimeConfiguration {

	/** For operations that block: a handful of probes, scrapes and viewers at a time. */
	private static final int BLOCKING_THREADS = 16;

	@Bean(defaultCandidate = false)
	StrandResourceFactory managementResources(TaskRuntimeProperties properties,
			ReactorNettyProperties nettyProperties) {
		String name = properties.getThreadNamePrefix() + "management";
		TaskRuntimeConfig config = TaskRuntimeConfig.of((builder) -> builder.workers(1)
			.blockingThreads(BLOCKING_THREADS)
			.stallLog(TaskRuntimeConfig.StallLog.OFF) // whoever watches is no culprit
			.threadFactory(new DefaultThreadFactory(name, true)));
		StrandResourceFactory factory = new StrandResourceFactory(config, properties.getNetty().getTransport(), false,
				Level.DEBUG);
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
	@Bean({ "requestStrands", "requestContextDecorator" })
	HttpHandlerDecoratorFactory undecorated() {
		return (handler) -> handler;
	}

}
