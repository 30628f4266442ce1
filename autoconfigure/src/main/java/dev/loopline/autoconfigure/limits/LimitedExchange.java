package dev.loopline.autoconfigure.limits;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.web.AnswerGate;
import dev.loopline.layers.Deadline;
import dev.loopline.layers.Timers;

/**
 * A request of a route that has limits, and the way to its handler.
 */
final class LimitedExchange {

	private final ServerHttpRequest request;

	private final ServerHttpResponse response;

	private final HttpHandler handler;

	private @Nullable AnswerGate gate;

	LimitedExchange(ServerHttpRequest request, ServerHttpResponse response, HttpHandler handler) {
		this.request = request;
		this.response = response;
		this.handler = handler;
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

	Mono<Void> handle() {
		return this.handler.handle(this.request, this.response);
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
