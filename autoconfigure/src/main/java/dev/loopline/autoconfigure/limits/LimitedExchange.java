package dev.loopline.autoconfigure.limits;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;
import reactor.netty.FutureMono;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.websocket.WebsocketInbound;

import dev.loopline.autoconfigure.web.AnswerGate;
import dev.loopline.autoconfigure.web.CrossOriginHeaders;
import dev.loopline.autoconfigure.web.RequestChannel;
import dev.loopline.layers.Deadline;
import dev.loopline.layers.Timers;

/**
 * A request of a route that has limits, and the way to its handler.
 */
final class LimitedExchange {

	private final ServerHttpRequest request;

	private final ServerHttpResponse response;

	private final HttpHandler handler;

	private final CrossOriginHeaders crossOrigin;

	private @Nullable AnswerGate gate;

	LimitedExchange(ServerHttpRequest request, ServerHttpResponse response, HttpHandler handler,
			CrossOriginHeaders crossOrigin) {
		this.request = request;
		this.response = response;
		this.handler = handler;
		this.crossOrigin = crossOrigin;
	}

	/**
	 * Lets those inside know about the limits.
	 * @param gated whether the handler's end matters
	 * @param ownStrand whether somebody else may have to answer while the handler keeps
	 * its thread
	 */
	void show(Priority priority, boolean gated, boolean ownStrand) {
		AnswerGate gate = AnswerGate.of(this.request);
		this.gate = (gate != null || !gated) ? gate : new AnswerGate(ownStrand);
		show(RoutePriorities.ATTRIBUTE, priority);
	}

	/**
	 * Lets those inside know that nobody waits for the answer after a while.
	 */
	void show(Deadline deadline) {
		this.gate = new AnswerGate(true, deadline::hasPassed);
		show(DeadlineHttpHandler.ATTRIBUTE, deadline);
	}

	/**
	 * Nobody but this class has set attributes yet: Spring does when it makes its
	 * exchange.
	 */
	private void show(String attribute, Object value) {
		if (this.request instanceof AbstractServerHttpRequest settable) {
			Map<String, Object> attributes = new HashMap<>(settable.getAttributes());
			attributes.put(attribute, value);
			if (this.gate != null) {
				attributes.put(AnswerGate.ATTRIBUTE, this.gate);
			}
			settable.setAttributesSupplier(() -> attributes);
		}
	}

	/**
	 * Returns until when somebody waits for the answer, if a header says so.
	 */
	@Nullable Deadline deadline() {
		return (this.request.getAttributes().get(DeadlineHttpHandler.ATTRIBUTE) instanceof Deadline deadline) ? deadline
				: null;
	}

	ServerHttpRequest request() {
		return this.request;
	}

	ServerHttpResponse response() {
		return this.response;
	}

	Timers timers() {
		return EventLoopTimers.of(this.request);
	}

	/**
	 * Has the handler answer. A WebSocket ends when it is closed; to the server its
	 * request ends when it is open.
	 */
	Mono<Void> handle() {
		Mono<Void> handled = this.handler.handle(this.request, this.response);
		return this.request.getHeaders().containsHeader(HttpHeaders.UPGRADE)
				? handled.then(Mono.defer(this::untilClosed)) : handled;
	}

	private Mono<Void> untilClosed() {
		Channel channel = RequestChannel.of(this.request);
		return (channel != null && ChannelOperations.get(channel) instanceof WebsocketInbound)
				? FutureMono.from(channel.closeFuture()) : Mono.empty();
	}

	/**
	 * Answers in place of the handler.
	 * @param retryAfter in how long the client may try again, if that is known
	 */
	Mono<Void> answer(LimitAnswer answer, @Nullable Duration retryAfter) {
		return this.crossOrigin.write(this.request, this.response, () -> answer.write(this.response, retryAfter));
	}

	/**
	 * Returns whether the handler's answer has begun; from now on it does not begin.
	 */
	boolean hasBegun() {
		return this.response.isCommitted() || this.gate != null && !this.gate.close();
	}

	void afterHandler(Runnable task) {
		AnswerGate gate = this.gate;
		if (gate != null) {
			gate.afterHandler(task);
		}
		else {
			task.run();
		}
	}

}
