package dev.loopline.autoconfigure.web;

import java.nio.file.Path;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ZeroCopyHttpOutputMessage;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import org.springframework.http.server.reactive.HttpHeadResponseDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.NettyOutbound;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A response of Reactor Netty whose body is asked for on a strand, as its source runs
 * where it is asked, and which says on that strand that it was written. It is all that
 * Spring's own response is, for Spring asks responses for their class.
 */
final class StrandHttpResponse extends AbstractServerHttpResponse implements ZeroCopyHttpOutputMessage {

	/*-
	 * Status, cookies and what is to be done before the commit are kept here. Spring's own response learns
	 * of them in the commit, is committed in turn, without a body, and writes status and cookies in its own
	 * way; no I/O comes of that. The headers are its own from the start, unless somebody else may answer in place
	 * of the handler, and must not find those of the handler there, nor write them while the handler does.
	 */

	private final ServerHttpResponse delegate;

	private final HttpServerResponse server;

	private final StrandExchange exchange;

	private StrandHttpResponse(ServerHttpResponse delegate, StrandExchange exchange) {
		super(delegate.bufferFactory(),
				exchange.mayBeAnsweredFor() ? copy(delegate.getHeaders()) : delegate.getHeaders());
		this.delegate = delegate;
		this.server = ServerHttpResponseDecorator.getNativeResponse(delegate);
		this.exchange = exchange;
	}

	static ServerHttpResponse of(ServerHttpResponse response, StrandExchange exchange) {
		return (response instanceof HttpHeadResponseDecorator head)
				? new HttpHeadResponseDecorator(of(head.getDelegate(), exchange))
				: new StrandHttpResponse(response, exchange);
	}

	private static HttpHeaders copy(HttpHeaders headers) {
		HttpHeaders copy = new HttpHeaders();
		copy.putAll(headers);
		return copy;
	}

	/**
	 * Says so to who would answer with an error, once another answer is there.
	 */
	@Override
	public boolean setStatusCode(@Nullable HttpStatusCode status) {
		return !this.exchange.isAnsweredFor() && super.setStatusCode(status);
	}

	@Override
	public @Nullable HttpStatusCode getStatusCode() {
		HttpStatusCode status = super.getStatusCode();
		return (status != null) ? status : this.delegate.getStatusCode();
	}

	@Override
	protected void applyStatusCode() {
		if (!this.exchange.beginAnswer()) {
			// What Spring takes for a client that has left, and hardly mentions
			throw new AbortedException("The request was answered in place of its handler");
		}
		HttpStatusCode status = super.getStatusCode();
		if (status != null) {
			this.delegate.setStatusCode(status);
		}
	}

	@Override
	protected void applyHeaders() {
		if (this.exchange.mayBeAnsweredFor()) {
			HttpHeaders headers = this.delegate.getHeaders();
			headers.clear();
			headers.putAll(getHeaders());
		}
	}

	@Override
	protected void applyCookies() {
		this.delegate.getCookies().putAll(getCookies());
		this.delegate.setComplete().subscribe();
	}

	@Override
	protected Mono<Void> writeWithInternal(Publisher<? extends DataBuffer> body) {
		return written(this.server.send(buffers(body)));
	}

	@Override
	protected Mono<Void> writeAndFlushWithInternal(Publisher<? extends Publisher<? extends DataBuffer>> body) {
		return written(this.server.sendGroups(requestedOnStrand(Flux.from(body)).map(this::buffers)));
	}

	@Override
	public Mono<Void> writeWith(Path file, long position, long count) {
		return doCommit(() -> written(this.server.sendFile(file, position, count)));
	}

	private Mono<Void> written(NettyOutbound outbound) {
		return new EndOnStrand(outbound.then(), this.exchange);
	}

	/**
	 * A {@code Mono} is asked for once, as it is subscribed to, and Reactor Netty treats
	 * it better than a {@code Flux}.
	 */
	private Publisher<ByteBuf> buffers(Publisher<? extends DataBuffer> body) {
		return (body instanceof Mono) ? Mono.from(body).map(NettyDataBufferFactory::toByteBuf)
				: requestedOnStrand(Flux.from(body)).map(NettyDataBufferFactory::toByteBuf);
	}

	private <T> Flux<T> requestedOnStrand(Flux<T> source) {
		return new DemandOnStrand<>(source, this.exchange);
	}

	@Override
	@SuppressWarnings("unchecked") // as in Spring's own
	public <T> T getNativeResponse() {
		return (T) this.server;
	}

}
