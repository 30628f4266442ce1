package dev.loopline.autoconfigure.web;

import java.util.concurrent.CountDownLatch;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import dev.loopline.runtime.RuntimeThreads;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;

/**
 * An application whose handlers block, fail or say where they run.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class StreamApp {

	/** More than is asked for at first. */
	static final int LINES = 1_000;

	@Bean
	Gate gate() {
		return new Gate();
	}

	@Bean
	CountDownLatch cancelled() {
		return new CountDownLatch(1);
	}

	@Bean
	WebFilter contextFilter() {
		return (exchange, chain) -> chain.filter(exchange)
			.contextWrite((context) -> context.put("path", exchange.getRequest().getPath().value()));
	}

	@Bean
	RouterFunction<ServerResponse> routes(Gate gate, CountDownLatch cancelled) {
		return RouterFunctions.route()
			.GET("/connection", (request) -> text(request.remoteAddress().orElseThrow().toString()))
			.GET("/blocked", (request) -> text(gate.pass("freed")))
			.GET("/context", (request) -> Mono.deferContextual((context) -> text(context.get("path"))))
			.GET("/described/{id}",
					(request) -> text(
							String.valueOf(StrandInstrumentation.context(Strand.current()).describe().route())))
			.GET("/failing", (request) -> {
				throw new IllegalStateException("Meant to fail");
			})
			.GET("/never",
					(request) -> Mono.<ServerResponse>never()
						.doOnSubscribe((subscription) -> gate.pass(""))
						.doOnCancel(cancelled::countDown))
			.GET("/generated",
					(request) -> ServerResponse.ok()
						.contentType(MediaType.TEXT_PLAIN)
						.body(Flux.range(0, LINES)
							.map((line) -> (line == LINES / 2) ? gate.pass(line) : line)
							.map((line) -> line + "\n"), String.class))
			.GET("/events", (request) -> ServerResponse.ok()
				.contentType(MediaType.TEXT_EVENT_STREAM)
				.body(Flux.range(0, LINES).map((line) -> (line == LINES / 2) ? gate.pass(line) : line), Integer.class))
			.POST("/echo", (request) -> request.bodyToMono(String.class).flatMap(StreamApp::text))
			.POST("/blocked-body",
					(request) -> request.bodyToMono(String.class).map(gate::pass).flatMap(StreamApp::text))
			.POST("/length", (request) -> length(request).flatMap((length) -> text(String.valueOf(length))))
			.path("/where", (where) -> where.GET("", (request) -> where(""))
				.GET("/block",
						(request) -> text(
								String.valueOf(Mono.just("blocked").hide().publishOn(Schedulers.parallel()).block())))
				.POST("", (request) -> request.bodyToMono(String.class).flatMap((body) -> where(body))))
			.build();
	}

	private static Mono<Long> length(ServerRequest request) {
		return request.bodyToFlux(DataBuffer.class).map((buffer) -> {
			long length = buffer.readableByteCount();
			DataBufferUtils.release(buffer);
			return length;
		}).reduce(0L, Long::sum);
	}

	private static Mono<ServerResponse> where(String body) {
		return text((RuntimeThreads.isWorker() ? "worker " : "lane ") + body);
	}

	private static Mono<ServerResponse> text(String text) {
		return ServerResponse.ok().contentType(MediaType.TEXT_PLAIN).bodyValue(text);
	}

}
