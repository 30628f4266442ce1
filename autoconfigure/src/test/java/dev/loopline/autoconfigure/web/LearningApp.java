package dev.loopline.autoconfigure.web;

import java.time.Duration;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import dev.loopline.runtime.RuntimeThreads;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.TaskRuntime;

import static org.awaitility.Awaitility.await;

/**
 * An application whose handlers keep the worker that they run on until they lose it, and
 * say where they began.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class LearningApp {

	static final String WORKER = "worker";

	static final String LANE = "lane";

	static final int EVENTS = 500;

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	/** Whether {@code /moody} blocks. */
	@Bean
	AtomicBoolean moody() {
		return new AtomicBoolean(true);
	}

	@Bean
	Gate gate() {
		return new Gate();
	}

	/** Blocks before it returns. */
	@Bean
	WebFilter assemblingFilter(Gate gate) {
		return (exchange, chain) -> {
			if (exchange.getRequest().getPath().value().startsWith("/assembled")) {
				exchange.getAttributes().put("began", block());
			}
			if (exchange.getRequest().getPath().value().startsWith("/gated")) {
				exchange.getAttributes().put("began", gate.pass());
			}
			return chain.filter(exchange);
		};
	}

	@Bean
	RouterFunction<ServerResponse> routes() {
		return RouterFunctions.route()
			.GET("/connection", (request) -> ServerResponse.ok().bodyValue("the same"))
			.GET("/functional/{id}", (request) -> ServerResponse.ok().bodyValue(block()))
			.GET("/assembled/{id}",
					(request) -> ServerResponse.ok().bodyValue(request.attribute("began").orElseThrow()))
			.GET("/gated/{id}", (request) -> ServerResponse.ok().bodyValue(request.attribute("began").orElseThrow()))
			.build();
	}

	static String block() {
		String began = where();
		Strand strand = Strand.current();
		if (!StrandInstrumentation.isSlow(strand)) {
			await().atMost(PATIENCE).until(() -> StrandInstrumentation.isSlow(strand));
		}
		return began;
	}

	/**
	 * Blocks until it counts as a stall, wherever that is.
	 */
	static String stall() {
		String began = where();
		long start = System.nanoTime();
		while (!Boolean.TRUE.equals(StrandInstrumentation.hasStalled(Strand.current()))
				&& System.nanoTime() - start < PATIENCE.toNanos()) {
			LockSupport.parkNanos(1_000_000); // it is known only within the strand
		}
		return began;
	}

	private static String burn() {
		String began = where();
		Strand strand = Strand.current();
		long start = System.nanoTime();
		while (!StrandInstrumentation.isSlow(strand) && System.nanoTime() - start < PATIENCE.toNanos()) {
			Thread.onSpinWait();
		}
		return began;
	}

	private static String where() {
		return RuntimeThreads.isWorker() ? WORKER : LANE;
	}

	@RestController
	static class LearningController {

		private final TaskRuntime runtime;

		private final AtomicBoolean moody;

		private final Gate gate;

		LearningController(TaskRuntime runtime, AtomicBoolean moody, Gate gate) {
			this.runtime = runtime;
			this.moody = moody;
			this.gate = gate;
		}

		@GetMapping("/where")
		String good() {
			return where();
		}

		@GetMapping("/block/{id}")
		String blocked(@PathVariable String id) {
			return block();
		}

		@GetMapping("/subscribed/{id}")
		Mono<String> subscribed(@PathVariable String id) {
			return Mono.fromSupplier(LearningApp::block);
		}

		@GetMapping("/burn/{id}")
		String burned(@PathVariable String id) {
			return burn();
		}

		@GetMapping("/moody")
		String moody() {
			return this.moody.get() ? block() : where();
		}

		@CrossOrigin
		@GetMapping("/gate/{id}")
		String gated(@PathVariable String id) {
			return this.gate.pass();
		}

		@GetMapping("/sleep/{id}")
		String slept(@PathVariable String id) {
			return stall();
		}

		@GetMapping("/{broad}")
		String broad(@PathVariable String broad) {
			return block();
		}

		@GetMapping("/stuck/{id}")
		String stuck(@PathVariable String id) {
			String began = where();
			await().atMost(PATIENCE)
				.until(() -> this.runtime.diagnostics()
					.stalls()
					.running()
					.stream()
					.anyMatch((stall) -> "GET /stuck/{id}".equals(stall.work().route())));
			block();
			return began;
		}

		@PostMapping("/upload/{id}")
		String upload(@PathVariable String id, @RequestBody byte[] body) {
			return block() + " " + body.length;
		}

		@GetMapping(path = "/events/{id}", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Flux<String> events(@PathVariable String id) {
			return Flux.range(0, EVENTS).map((event) -> event + " " + block());
		}

	}

	/**
	 * What handlers wait at, each of them saying where it began.
	 */
	static final class Gate {

		private final CountDownLatch open = new CountDownLatch(1);

		private final Queue<String> inside = new ConcurrentLinkedQueue<>();

		String pass() {
			String began = where();
			this.inside.add(began);
			try {
				this.open.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return began;
		}

		Collection<String> inside() {
			return this.inside;
		}

		void open() {
			this.open.countDown();
		}

	}

}
