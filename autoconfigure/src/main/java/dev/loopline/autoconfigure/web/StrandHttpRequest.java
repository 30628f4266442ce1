package dev.loopline.autoconfigure.web;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.core.publisher.Flux;

import dev.loopline.runtime.Strand;

/**
 * A request whose body arrives on a strand.
 */
final class StrandHttpRequest extends ServerHttpRequestDecorator {

	/**
	 * Parts of the body that may wait for the strand, as many as Reactor Netty itself
	 * keeps before it stops reading.
	 */
	private static final int PREFETCH = 32;

	private final Strand strand;

	StrandHttpRequest(ServerHttpRequest delegate, Strand strand) {
		super(delegate);
		this.strand = strand;
	}

	/**
	 * Returns whether a request is handled on a strand of its own.
	 */
	static boolean isIn(ServerHttpRequest request) {
		ServerHttpRequest inner = request;
		while (inner instanceof ServerHttpRequestDecorator decorator && !(inner instanceof StrandHttpRequest)) {
			inner = decorator.getDelegate();
		}
		return inner instanceof StrandHttpRequest;
	}

	@Override
	public Flux<DataBuffer> getBody() {
		return super.getBody().publishOn(new BodyScheduler(this.strand), PREFETCH)
			.doOnDiscard(DataBuffer.class, DataBufferUtils::release);
	}

}
