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
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.http.server.HttpServer;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.TaskRuntimeProperties;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.netty.BatchFlushHandler;

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
@ConditionalOnBean(TaskRuntimeConfig.class)
@EnableConfigurationProperties(ReactorNettyProperties.class)
public final class ReactorNettyRuntimeAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(ReactorResourceFactory.class)
	StrandResourceFactory reactorResourceFactory(TaskRuntimeConfig config, TaskRuntimeProperties properties,
			ReactorNettyProperties nettyProperties, ApplicationContext context) {
		StrandResourceFactory factory = new StrandResourceFactory(config, properties.getNetty().getTransport(),
				properties.getBlocking().isAllowBlock(), Level.INFO);
		factory.lookForServer(context);
		PropertyMapper map = PropertyMapper.get();
		map.from(nettyProperties::getShutdownQuietPeriod).to(factory::setShutdownQuietPeriod);
		return factory;
	}

	@Bean
	NettyServerCustomizer readOnServerCustomizer() {
		return (server) -> server.childObserve(new ReadOn());
	}

	@Bean
	@ConditionalOnBooleanProperty(name = "loopline.netty.batch-flushes", matchIfMissing = true)
	NettyServerCustomizer batchFlushServerCustomizer() {
		return (server) -> server
			.doOnChannelInit((observer, channel, address) -> channel.pipeline().addFirst(new BatchFlushHandler()));
	}

}
