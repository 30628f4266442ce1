package dev.loopline.demo;

import org.springframework.stereotype.Component;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Sends each message of a WebSocket back, text as text and binary as binary.
 */
@Component
class EchoWebSocketHandler implements WebSocketHandler {

	@Override
	public Mono<Void> handle(WebSocketSession session) {
		Flux<WebSocketMessage> messages = session.receive().filter(EchoWebSocketHandler::hasContent);
		return session.send(messages.doOnNext(WebSocketMessage::retain));
	}

	private static boolean hasContent(WebSocketMessage message) {
		return switch (message.getType()) {
			case TEXT, BINARY -> true;
			case PING, PONG -> false;
		};
	}

}
