package dev.loopline.autoconfigure.actuate;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

import dev.loopline.autoconfigure.reactor.StrandResourceFactory;

/**
 * Runs a separate management server on the task runtime as well: by default its context
 * knows nothing of the application's resources and takes the global event loops.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnClass({ NettyReactiveWebServerFactory.class, StrandResourceFactory.class })
@ConditionalOnBean(StrandResourceFactory.class)
public final class ManagementServerRuntimeConfiguration {

	@Bean
	WebServerFactoryCustomizer<NettyReactiveWebServerFactory> managementServerRuntimeCustomizer(
			StrandResourceFactory resources) {
		return (server) -> server.setResourceFactory(resources);
	}

}
