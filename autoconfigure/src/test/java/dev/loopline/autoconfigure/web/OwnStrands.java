package dev.loopline.autoconfigure.web;

import io.netty.channel.Channel;
import org.mockito.Mockito;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.Connection;

import dev.loopline.autoconfigure.reactor.StrandResourceFactory;
import dev.loopline.runtime.Strand;

/**
 * Gives every request that would be handled on the strand of its connection one of its
 * own, which begins on a worker. No property does so for HTTP/1.1.
 */
public final class OwnStrands {

	private OwnStrands() {
	}

	/**
	 * Makes a decorator that must come after ours.
	 */
	public static HttpHandlerDecoratorFactory decorator(StrandResourceFactory resources, SlowRoutes slowRoutes) {
		RequestStrands strands = Mockito.mock(RequestStrands.class, Mockito.withSettings().stubOnly());
		Mockito.when(strands.strandFor(Mockito.any()))
			.thenAnswer((call) -> strandFor(call.getArgument(0), resources, slowRoutes));
		return (handler) -> new StrandHttpHandler(handler, strands);
	}

	private static RequestStrand strandFor(ServerHttpRequest request, StrandResourceFactory resources,
			SlowRoutes slowRoutes) {
		if (StrandHttpRequest.in(request) != null) {
			return null;
		}
		Channel channel = ServerHttpRequestDecorator.<Connection>getNativeRequest(request).channel();
		Strand strand = resources.runtime().newStrand();
		RequestStrand own = new RequestStrand(strand, channel, new RequestName(channel),
				ConnectionExchanges.of(channel), null, slowRoutes)
			.listed();
		Strand current = Strand.current();
		if (current != null) {
			strand.continueFrom(current);
		}
		return own;
	}

}
