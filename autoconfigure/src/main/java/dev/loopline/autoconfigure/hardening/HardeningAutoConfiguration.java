package dev.loopline.autoconfigure.hardening;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import reactor.netty.http.server.HttpServer;

import dev.loopline.autoconfigure.ConditionalOnStrandConnections;
import dev.loopline.runtime.time.Ticker;

/**
 * Auto-configuration that protects a server from its clients.
 */
@AutoConfiguration(before = NettyReactiveWebServerAutoConfiguration.class,
		afterName = ConditionalOnStrandConnections.DECIDED_BY)
@ConditionalOnClass({ HttpServer.class, NettyServerCustomizer.class })
@ConditionalOnStrandConnections
@EnableConfigurationProperties(HardeningProperties.class)
public final class HardeningAutoConfiguration {

	/** The last one, to see what the application has set. */
	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	NettyServerCustomizer hardeningServerCustomizer(HardeningProperties properties) {
		if (!properties.isHardening()) {
			return (server) -> server;
		}
		ConnectionLimits limits = ConnectionLimits.of(properties.getConnections());
		int connections = FileDescriptors.limit(limits.maxConnections());
		return (server) -> ConnectionWatch.watch(server, limits, connections, Ticker.system());
	}

}
