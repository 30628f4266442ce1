package dev.loopline.autoconfigure.web;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2StreamChannel;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.Connection;

/**
 * Finds the channel that a request came by.
 */
public final class RequestChannel {

	private RequestChannel() {
	}

	/**
	 * Returns the channel that a request came by, if it came by one of Reactor Netty. The
	 * requests of tests have no native request and say so with an exception.
	 * @param request the request
	 * @return its connection, or its stream of one
	 */
	public static @Nullable Channel of(ServerHttpRequest request) {
		try {
			return (ServerHttpRequestDecorator.getNativeRequest(request) instanceof Connection own) ? own.channel()
					: null;
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	/**
	 * Returns whether a request shares its connection with others.
	 * @param request the request
	 * @return whether it came by a stream of HTTP/2
	 */
	public static boolean isStream(ServerHttpRequest request) {
		return of(request) instanceof Http2StreamChannel;
	}

}
