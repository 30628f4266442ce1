package dev.loopline.autoconfigure.clients;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import dev.loopline.autoconfigure.reactor.StrandResourceFactory;

/**
 * What all of these auto-configurations need.
 */
@Configuration(proxyBeanMethods = false)
class ClientLoopsConfiguration {

	@Bean
	ClientLoops clientLoops(StrandResourceFactory factory) {
		return new ClientLoops(factory::getStrandLoopResources);
	}

}
