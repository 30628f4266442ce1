package dev.loopline.demo;

import java.util.Map;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;

/**
 * Gives the WebSocket handler its path.
 */
@Configuration(proxyBeanMethods = false)
class WebSocketConfiguration {

	@Bean
	SimpleUrlHandlerMapping webSocketMapping(EchoWebSocketHandler echo) {
		int afterControllers = 1;
		return new SimpleUrlHandlerMapping(Map.of("/echo", echo), afterControllers);
	}

}
