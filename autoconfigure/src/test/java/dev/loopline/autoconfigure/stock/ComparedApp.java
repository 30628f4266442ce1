package dev.loopline.autoconfigure.stock;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.error.ErrorAttributeOptions;
import org.springframework.boot.webflux.error.DefaultErrorAttributes;
import org.springframework.boot.webflux.error.ErrorAttributes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

import dev.loopline.autoconfigure.web.OwnStrands;
import dev.loopline.autoconfigure.web.SlowRoutes;
import dev.loopline.runtime.RuntimeThreads;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.netty.StrandEventLoopGroup;

/**
 * The application that runs on every {@link Way}.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ AnswersController.class, BodiesController.class, ComparedFilters.class, ContextController.class,
		ExchangesController.class })
class ComparedApp {

	static final SampleFile FILE = SampleFile.create();

	@Bean
	SampleFile sampleFile() {
		return FILE;
	}

	@Bean
	WayCounts wayCounts() {
		return new WayCounts();
	}

	/** Does nothing unless the way asks for it. */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE + 1)
	HttpHandlerDecoratorFactory ownStrands(ObjectProvider<TaskRuntime> runtime, ObjectProvider<SlowRoutes> slowRoutes,
			Environment environment) {
		return environment.getProperty(Way.OWN_STRANDS, Boolean.class, false)
				? OwnStrands.decorator(runtime.getObject(), slowRoutes.getObject()) : (handler) -> handler;
	}

	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	HttpHandlerDecoratorFactory journalling(WayCounts counts) {
		return (handler) -> new JournallingHandler(handler, counts);
	}

	/** Without what is never the same, and not even of the same length. */
	@Bean
	ErrorAttributes errorAttributes() {
		return new DefaultErrorAttributes() {

			@Override
			public Map<String, Object> getErrorAttributes(ServerRequest request, ErrorAttributeOptions options) {
				Map<String, Object> attributes = super.getErrorAttributes(request, options);
				attributes.remove("timestamp");
				attributes.remove("requestId");
				return attributes;
			}

		};
	}

	/** Sees what filters and handlers let through. */
	@Bean
	@Order(-10)
	WebExceptionHandler observer() {
		return (exchange, ex) -> {
			Journal.note(exchange, "exception handler: " + ex.getClass().getName());
			return Mono.error(ex);
		};
	}

	@Bean
	RouterFunction<ServerResponse> routes() {
		return RouterFunctions.route()
			.GET("/fn/{shape}", ComparedApp::get)
			.POST("/fn/{shape}",
					(request) -> request.bodyToMono(String.class)
						.defaultIfEmpty("nothing")
						.flatMap((body) -> ServerResponse.ok().bodyValue(body.length() + failing(request))))
			.build();
	}

	private static Mono<ServerResponse> get(ServerRequest request) {
		String shape = failing(request);
		return switch (shape) {
			case "stream" -> ServerResponse.ok().body(Flux.just("a", "b", "c"), String.class);
			case "notmodified" -> ServerResponse.status(304).eTag("\"tag\"").build();
			case "empty" -> Mono.empty();
			case "error" -> Mono.error(new IllegalStateException("functional"));
			case "delay" -> Mono.delay(Duration.ofMillis(5)).then(ServerResponse.ok().bodyValue("delayed"));
			case "sse" ->
				ServerResponse.ok().contentType(MediaType.TEXT_EVENT_STREAM).body(Flux.just(1, 2), Integer.class);
			default -> ServerResponse.ok().header("x-shape", shape).bodyValue("functional");
		};
	}

	private static String failing(ServerRequest request) {
		String shape = request.pathVariable("shape");
		Fault.raise(shape);
		return shape;
	}

	@Bean
	HandlerMapping webSockets() {
		WebSocketHandler echo = (session) -> session
			.send(session.receive().map((message) -> session.textMessage("re:" + message.getPayloadAsText())));
		return new SimpleUrlHandlerMapping(Map.of("/ws", echo), -1);
	}

	/**
	 * Tells the journal of requests as the server's adapter sees them.
	 */
	private record JournallingHandler(HttpHandler delegate, WayCounts counts) implements HttpHandler {

		@Override
		public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
			Journal journal = Journal.of(request);
			return Mono.defer(() -> {
				journal.opened(request);
				this.counts.count(where(request));
				return this.delegate.handle(request, response);
			}).doFinally((signal) -> journal.ended(request, signal + (response.isCommitted() ? "" : " uncommitted")));
		}

		private static String where(ServerHttpRequest request) {
			Strand strand = Strand.current();
			if (strand == null) {
				return "elsewhere";
			}
			Connection connection = ServerHttpRequestDecorator.getNativeRequest(request);
			Strand ofConnection = strandOf(connection);
			return ((strand == ofConnection) ? "connection" : "own")
					+ (RuntimeThreads.isWorker() ? " worker" : " lane");
		}

		private static @Nullable Strand strandOf(Connection connection) {
			return StrandEventLoopGroup.strandOf(connection.channel().eventLoop());
		}

	}

}
