package dev.loopline.autoconfigure.tracing;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.micrometer.observation.ObservationRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.TaskRuntime;

import static org.awaitility.Awaitility.await;

/**
 * An application whose requests run, wait and stall for a known time or until somebody
 * has noticed.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class TracingApp {

	static final Duration RUNNING = Duration.ofMillis(20);

	static final Duration QUEUED = Duration.ofMillis(50);

	static final Duration IDLE = Duration.ofMillis(100);

	@Bean
	RecordedSpans recordedSpans() {
		return new RecordedSpans();
	}

	@RestController
	static class TracedController {

		private static final Logger logger = LoggerFactory.getLogger(TracedController.class);

		private final TaskRuntime runtime;

		private final WebClient client;

		TracedController(TaskRuntime runtime, ClientHttpConnector connector, ObservationRegistry observations) {
			this.runtime = runtime;
			this.client = WebClient.builder().clientConnector(connector).observationRegistry(observations).build();
		}

		/** Of a runtime with one worker. */
		@GetMapping("/split")
		Mono<String> split() {
			Strand strand = Strand.current();
			long start = System.nanoTime();
			while (System.nanoTime() - start < RUNNING.toNanos()) {
				Thread.onSpinWait();
			}
			return Mono.delay(IDLE).flatMap((tick) -> inTheQueueOf(strand));
		}

		/**
		 * Completes on the strand, for which there is no worker for a while.
		 */
		private Mono<String> inTheQueueOf(Strand strand) {
			CountDownLatch held = new CountDownLatch(1);
			CountDownLatch gate = new CountDownLatch(1);
			this.runtime.spawn(() -> {
				held.countDown();
				gate.await();
				return "free";
			});
			return Mono.create((sink) -> {
				spinUntilOpen(held);
				strand.execute(() -> sink.success("done"));
				Mono.delay(QUEUED).subscribe((tick) -> gate.countDown());
			});
		}

		/** Without the pauses of a poll, which would be idle time. */
		private static void spinUntilOpen(CountDownLatch latch) {
			while (latch.getCount() > 0) {
				Thread.onSpinWait();
			}
		}

		@GetMapping("/stall")
		Mono<String> stall() {
			Strand strand = Strand.current();
			// In a poll of its own: the first request of a cold JVM burns in the one
			// before
			return Mono.just("start")
				.publishOn(Schedulers.fromExecutor((task) -> strand.schedule(task, 1, TimeUnit.MILLISECONDS)))
				.map(this::stickHere);
		}

		@GetMapping("/spawned-stall")
		CompletionStage<String> spawnedStall() {
			return this.runtime.spawn("import", () -> stickHere("start"));
		}

		@GetMapping("/stalled-before")
		Mono<String> stalledBefore() {
			return stall().publishOn(Schedulers.parallel()).doOnNext((done) -> await().until(() -> !isStuck()));
		}

		private String stickHere(String start) {
			// It waits before all else: the first milliseconds decide that this blocks
			for (int i = 0; i < 500 && (i == 0 || !isStuck()); i++) {
				LockSupport.parkNanos(40_000_000);
			}
			return "done";
		}

		private boolean isStuck() {
			return this.runtime.diagnostics()
				.stalls()
				.running()
				.stream()
				.anyMatch((stall) -> stall.culprit() != null && stall.culprit().getMethodName().equals("stickHere"));
		}

		@GetMapping("/spawn")
		CompletionStage<String> spawn() {
			CompletableFuture<String> gate = new CompletableFuture<>();
			CompletionStage<String> waiting = this.runtime.spawnAsync("waiting", () -> gate)
				.thenApply((opened) -> "waited");
			List<CompletionStage<String>> parts = List.of(waiting, this.runtime.spawn(() -> traceId("task")),
					this.runtime.spawnBlocking(() -> traceId("blocking")),
					this.runtime.spawn("outer", () -> this.runtime.spawn("inner", () -> traceId("inner")))
						.thenCompose((inner) -> inner),
					failing("failing", () -> this.runtime.spawn("failing", this::fail)),
					failing("failing blocking", () -> this.runtime.spawnBlocking(this::fail)));
			gate.complete("open");
			CompletionStage<String> all = CompletableFuture.completedStage("");
			for (CompletionStage<String> part : parts) {
				all = all.thenCombine(part, (left, right) -> left + right + "\n");
			}
			return all;
		}

		private static CompletionStage<String> failing(String name, Supplier<? extends CompletionStage<String>> task) {
			return task.get().exceptionally((ex) -> name);
		}

		private String fail() {
			throw new IllegalStateException("expected");
		}

		private static String traceId(String name) {
			return name + " " + MDC.get("traceId");
		}

		@GetMapping("/log")
		Mono<String> log() {
			logger.info("in the controller");
			return Mono.fromSupplier(() -> traceId("operator"))
				.publishOn(Schedulers.fromExecutor(this.runtime.newStrand()))
				.doOnNext((id) -> logger.info("on another strand"));
		}

		@GetMapping("/call")
		Mono<String> call(ServerHttpRequest request) {
			return this.client.get()
				.uri("http://127.0.0.1:" + request.getLocalAddress().getPort() + "/traceparent")
				.retrieve()
				.bodyToMono(String.class);
		}

		@GetMapping("/traceparent")
		String traceparent(@RequestHeader(defaultValue = "none") String traceparent) {
			return traceparent;
		}

	}

}
