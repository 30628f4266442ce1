package dev.loopline.autoconfigure.web;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.StallListener;

import static org.awaitility.Awaitility.await;

/**
 * An application whose handlers block until somebody has noticed.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class StallApp {

	static final Queue<Stall> stalls = new ConcurrentLinkedQueue<>();

	static final Queue<Strand> strands = new ConcurrentLinkedQueue<>();

	/** Needs what is made from the configuration that listeners are part of. */
	@Bean
	@Order(2)
	StallListener listener(TaskRuntime runtime) {
		return stalls::add;
	}

	@Bean
	@Order(1)
	StallListener failingListener() {
		return (stall) -> {
			throw new IllegalStateException("expected");
		};
	}

	@Bean
	RouterFunction<ServerResponse> routes(TaskRuntime runtime) {
		return RouterFunctions.route()
			.GET("/functional/{id}",
					(request) -> inAFreshPoll(runtime).flatMap((done) -> ServerResponse.ok().bodyValue(done)))
			.build();
	}

	@Bean
	WebFilter stuckFilter(TaskRuntime runtime) {
		return (exchange, chain) -> exchange.getRequest().getPath().value().endsWith("/filter")
				? inAFreshPoll(runtime).flatMap((done) -> chain.filter(exchange)) : chain.filter(exchange);
	}

	/**
	 * Blocks in a poll that does nothing else: a stall is sampled once, and the first
	 * requests of an application stall in many places. Other threads look when the one
	 * before has ended, and for the stall, so that this one waits and never computes.
	 */
	static Mono<String> inAFreshPoll(TaskRuntime runtime) {
		Strand strand = Strand.current();
		strands.add(strand);
		CompletableFuture<Void> idle = CompletableFuture.runAsync(() -> await().until(strand::isIdle));
		CompletableFuture<Void> sample = idle.thenRunAsync(() -> await()
			.until(() -> runtime.diagnostics().stalls().running().stream().anyMatch(StallApp::isHere)));
		return Mono.fromFuture(idle)
			.publishOn(Schedulers.fromExecutor(strand))
			.then(Mono.fromCallable(() -> awaitSample(sample)));
	}

	private static String awaitSample(CompletableFuture<Void> sample) {
		sample.join();
		return "done";
	}

	static boolean isHere(Stall stall) {
		return stall.culprit() != null && stall.culprit().getMethodName().equals("awaitSample");
	}

	@RestController
	static class StuckController {

		private final TaskRuntime runtime;

		StuckController(TaskRuntime runtime) {
			this.runtime = runtime;
		}

		@GetMapping("/annotated/{id}")
		Mono<String> annotated(@PathVariable String id) {
			return inAFreshPoll(this.runtime);
		}

	}

}
