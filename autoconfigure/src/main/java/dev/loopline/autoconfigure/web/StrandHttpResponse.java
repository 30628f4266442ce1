package dev.loopline.autoconfigure.web;

import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import dev.loopline.runtime.Strand;

/**
 * A response whose body is asked for on a strand: its source runs where it is asked.
 */
final class StrandHttpResponse extends ServerHttpResponseDecorator {

	private final Strand strand;

	StrandHttpResponse(ServerHttpResponse delegate, Strand strand) {
		super(delegate);
		this.strand = strand;
	}

	@Override
	public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
		return super.writeWith(requestedOnStrand(body));
	}

	@Override
	public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
		return super.writeAndFlushWith(requestedOnStrand(Flux.from(body).map(this::requestedOnStrand)));
	}

	/**
	 * A {@code Mono} is asked for once, as it is subscribed to, and Reactor Netty treats
	 * it better than a {@code Flux}.
	 */
	private <T> Publisher<T> requestedOnStrand(Publisher<T> source) {
		return (source instanceof Mono) ? source : new DemandOnStrand<>(Flux.from(source), this.strand);
	}

}
