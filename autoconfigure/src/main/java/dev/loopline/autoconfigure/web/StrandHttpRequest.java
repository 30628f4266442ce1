package dev.loopline.autoconfigure.web;

import java.net.InetSocketAddress;

import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpCookie;
import org.springframework.http.server.RequestPath;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Flux;

/**
 * A request whose body arrives on a strand. It is all that the server's own request is,
 * for Spring asks requests for their class.
 */
final class StrandHttpRequest extends AbstractServerHttpRequest {

	private final ServerHttpRequest delegate;

	private final StrandExchange exchange;

	StrandHttpRequest(ServerHttpRequest delegate, StrandExchange exchange) {
		super(delegate.getMethod(), delegate.getURI(), delegate.getPath().contextPath().value(), delegate.getHeaders());
		this.delegate = delegate;
		this.exchange = exchange;
	}

	/**
	 * Returns what is below the decorators of a request that is handled on a strand of
	 * its own.
	 * @return {@code null} if its connection's strand handles it
	 */
	static @Nullable StrandHttpRequest in(ServerHttpRequest request) {
		ServerHttpRequest inner = request;
		while (inner instanceof ServerHttpRequestDecorator decorator) {
			inner = decorator.getDelegate();
		}
		return (inner instanceof StrandHttpRequest own) ? own : null;
	}

	StrandExchange exchange() {
		return this.exchange;
	}

	@Override
	public Flux<DataBuffer> getBody() {
		return new BodyOnStrand(this.delegate.getBody(), this.exchange);
	}

	@Override
	public RequestPath getPath() {
		return this.delegate.getPath();
	}

	@Override
	protected String initId() {
		return this.delegate.getId();
	}

	@Override
	protected MultiValueMap<String, HttpCookie> initCookies() {
		return this.delegate.getCookies();
	}

	@Override
	protected @Nullable SslInfo initSslInfo() {
		return this.delegate.getSslInfo();
	}

	@Override
	public @Nullable InetSocketAddress getLocalAddress() {
		return this.delegate.getLocalAddress();
	}

	@Override
	public @Nullable InetSocketAddress getRemoteAddress() {
		return this.delegate.getRemoteAddress();
	}

	@Override
	public <T> T getNativeRequest() {
		return ServerHttpRequestDecorator.getNativeRequest(this.delegate);
	}

}
