package dev.loopline.autoconfigure.reactor;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.autoconfigure.TaskRuntimeProperties;

/**
 * Auto-configuration that tells clients about the end of the server, with
 * {@code server.shutdown=graceful}.
 */
@AutoConfiguration(before = NettyReactiveWebServerAutoConfiguration.class,
		after = ReactorNettyRuntimeAutoConfiguration.class)
@ConditionalOnStrandConnections
@ConditionalOnProperty(name = "server.shutdown", havingValue = "graceful", matchIfMissing = true)
@EnableConfigurationProperties(LifecycleProperties.class)
public final class GracefulShutdownAutoConfiguration {

	@Bean
	Farewell farewell() {
		return new Farewell();
	}

	@Bean
	NettyServerCustomizer farewellServerCustomizer(Farewell farewell) {
		return (server) -> server.childObserve(farewell);
	}

	@Bean
	FarewellListener farewellListener(ApplicationContext context, Farewell farewell, TaskRuntimeProperties properties,
			LifecycleProperties lifecycle) {
		return new FarewellListener(context, farewell, properties.getShutdown().getDelay(),
				lifecycle.getTimeoutPerShutdownPhase());
	}

}
