package dev.loopline.autoconfigure.webclient;

import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.limits.DeadlineHeaders;
import dev.loopline.layers.Deadline;
import dev.loopline.layers.Layer;
import dev.loopline.layers.TimeoutLayer;

/**
 * Sends no request that nobody waits for any more, gives it up when that is so, and tells
 * its server how long that is. Safe for use by many threads.
 */
final class DeadlineFilter implements ExchangeFilterFunction {

	private final @Nullable String header;

	private final Layer<ClientRequest, ClientResponse> layer = TimeoutLayer
		.until((request, context) -> Deadline.of(context).orElse(null));

	DeadlineFilter(ClientDeadlineProperties properties) {
		this.header = StringUtils.hasText(properties.getHeader()) ? properties.getHeader() : null;
		if (this.header != null) {
			DeadlineHeaders.requireName("loopline.client.deadlines.header", this.header);
		}
	}

	@Override
	public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		return Mono.deferContextual((context) -> {
			Deadline deadline = Deadline.of(context).orElse(null);
			return (deadline != null) ? this.layer.around((timed) -> next.exchange(tell(timed, deadline))).call(request)
					: next.exchange(request);
		});
	}

	private ClientRequest tell(ClientRequest request, Deadline deadline) {
		String header = this.header;
		return (header == null || request.headers().containsHeader(header)) ? request
				: ClientRequest.from(request)
					.header(header, DeadlineHeaders.format(header, deadline.remaining()))
					.build();
	}

}
