package dev.loopline.autoconfigure.reactor;

import org.slf4j.event.Level;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.ReactorNettyProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.http.server.HttpServer;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;
import dev.loopline.autoconfigure.TaskRuntimeProperties;
import dev.loopline.runtime.netty.BatchFlushHandler;
import dev.loopline.runtime.netty.Transport;

/**
 * Auto-configuration that runs Reactor Netty's servers and clients on the task runtime.
 */
@AutoConfiguration(before = NettyReactiveWebServerAutoConfiguration.class,
		beforeName = {
				"org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration",
				"org.springframework.boot.rsocket.autoconfigure.RSocketServerAutoConfiguration" },
		after = TaskRuntimeAutoConfiguration.class)
@ConditionalOnClass({ HttpServer.class, ReactorResourceFactory.class, ReactorNettyProperties.class })
@Conditional(OnEnabledCondition.class)
@ConditionalOnBean(TaskRuntimeLifecycle.class)
@EnableConfigurationProperties(ReactorNettyProperties.class)
@Import(BlockingGuardConfiguration.class)
public final class ReactorNettyRuntimeAutoConfiguration {

	@Bean
	NettyServerCustomizer readOnServerCustomizer() {
		return (server) -> server.childObserve(new ReadOn());
	}

	@Bean
	@ConditionalOnBooleanProperty(name = "loopline.netty.batch-flushes", matchIfMissing = true)
	NettyServerCustomizer batchFlushServerCustomizer() {
		return (server) -> server
			.doOnChannelInit((observer, channel, address) -> channel.pipeline().addFirst(new BatchFlushHandler()))
			.childObserve(NextRequestHandler.observer());
	}

	/**
	 * What connections run on, unless the user has decided that.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(ReactorResourceFactory.class)
	static class ResourcesConfiguration {

		@Bean
		Transport runtimeTransport(TaskRuntimeProperties properties) {
			return properties.getNetty().getTransport().resolve();
		}

		@Bean
		StrandResourceFactory reactorResourceFactory(TaskRuntimeLifecycle lifecycle, Transport transport,
				ReactorNettyProperties nettyProperties, ApplicationContext context) {
			StrandResourceFactory factory = new StrandResourceFactory(lifecycle, transport, Level.INFO);
			factory.lookForServer(context);
			PropertyMapper map = PropertyMapper.get();
			map.from(nettyProperties::getShutdownQuietPeriod).to(factory::setShutdownQuietPeriod);
			return factory;
		}

	}

}
