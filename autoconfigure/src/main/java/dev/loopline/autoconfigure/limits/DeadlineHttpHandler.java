package dev.loopline.autoconfigure.limits;

import java.time.Duration;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.web.CrossOriginHeaders;
import dev.loopline.autoconfigure.web.ManagementPath;
import dev.loopline.layers.Deadline;
import dev.loopline.layers.LayerTimeoutException;
import dev.loopline.layers.Service;
import dev.loopline.layers.TimeoutLayer;

/**
 * Gives requests up that nobody waits for any more, as their headers say. Outside of all
 * limits, so a request waits in their lines within its time. Safe for use by many
 * threads.
 */
final class DeadlineHttpHandler implements HttpHandler {

	/** The attribute of a request that has a {@link Deadline}. */
	static final String ATTRIBUTE = "dev.loopline.deadline";

	private final HttpHandler delegate;

	private final DeadlineHeaders headers;

	private final ManagementPath management;

	private final DeadlineCounts counts;

	private final CrossOriginHeaders crossOrigin;

	private final Service<LimitedExchange, Void> service;

	DeadlineHttpHandler(HttpHandler delegate, DeadlineHeaders headers, ManagementPath management, DeadlineCounts counts,
			CrossOriginHeaders crossOrigin) {
		this.delegate = delegate;
		this.headers = headers;
		this.management = management;
		this.counts = counts;
		this.crossOrigin = crossOrigin;
		this.service = TimeoutLayer.<LimitedExchange, Void>until((exchange, context) -> exchange.deadline())
			.on(LimitedExchange::timers)
			.unless(LimitedExchange::hasBegun)
			.around(LimitedExchange::handle);
	}

	@Override
	public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		Duration time = this.headers.find(request.getHeaders());
		if (time == null || this.management.contains(request.getPath().value())) {
			return this.delegate.handle(request, response);
		}
		this.counts.requests().increment();
		LimitedExchange exchange = new LimitedExchange(request, response, this.delegate, this.crossOrigin);
		exchange.show(Deadline.after(time));
		return this.service.call(exchange).onErrorResume(LayerTimeoutException.class, (ex) -> {
			this.counts.passed().increment();
			return exchange.answer(LimitAnswer.DEADLINE_PASSED, null);
		});
	}

}
