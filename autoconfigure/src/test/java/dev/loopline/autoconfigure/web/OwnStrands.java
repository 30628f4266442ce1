package dev.loopline.autoconfigure.web;

import io.netty.channel.Channel;
import org.mockito.Mockito;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import reactor.netty.Connection;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.TaskRuntime;

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
	public static HttpHandlerDecoratorFactory decorator(TaskRuntime runtime, SlowRoutes slowRoutes) {
		StrandAssignment strands = Mockito.mock(StrandAssignment.class, Mockito.withSettings().stubOnly());
		Mockito.when(strands.strandFor(Mockito.any()))
			.thenAnswer((call) -> strandFor(call.getArgument(0), runtime, slowRoutes));
		return (handler) -> new StrandHttpHandler(handler, strands);
	}

	/**
	 * Keeps a route in the lane that was learned there although its handlers do not
	 * stall: it is forgotten and learned until it is distrusted as much as can be, which
	 * outlasts a stall.
	 * @return whether it was learned, not only the path as that of a request that has not
	 * ended yet
	 */
	public static boolean keepLearned(SlowRoutes routes, TaskRuntime runtime, String method, String path) {
		ServerHttpRequest request = MockServerHttpRequest.method(HttpMethod.valueOf(method), path).build();
		LearnedRoute route = routes.find(request);
		while (route != null && route.pattern() != null && route.distrust() < PastStalls.MANY) {
			for (int i = 0; i < route.distrust(); i++) {
				routes.ended(route, false);
			}
			routes.learn(request, route.pattern(), route.newStrand(runtime), false);
			route = routes.find(request);
		}
		return route != null && route.pattern() != null;
	}

	private static RequestStrand strandFor(ServerHttpRequest request, TaskRuntime runtime, SlowRoutes slowRoutes) {
		if (StrandHttpRequest.in(request) != null) {
			return null;
		}
		Channel channel = ServerHttpRequestDecorator.<Connection>getNativeRequest(request).channel();
		Strand strand = runtime.newStrand();
		RequestStrand own = new RequestStrand(strand, channel, new RequestName(channel),
				ConnectionExchanges.of(channel), null, slowRoutes, null)
			.listed();
		Strand current = Strand.current();
		if (current != null) {
			StrandInstrumentation.continueFrom(strand, current);
		}
		return own;
	}

}
