package dev.loopline.autoconfigure.limits;

import java.security.Principal;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * An application whose handlers wait, by themselves or with their thread, until they are
 * told to go on.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(LimitsApp.Handlers.class)
class LimitsApp {

	/** Stands for Spring Security. */
	@Bean
	WebFilter users() {
		return (exchange, chain) -> {
			String user = exchange.getRequest().getHeaders().getFirst("X-User");
			Principal principal = () -> user;
			return (user != null) ? chain.filter(exchange.mutate().principal(Mono.just(principal)).build())
					: chain.filter(exchange);
		};
	}

	@Bean
	SimpleUrlHandlerMapping sockets() {
		WebSocketHandler echo = (session) -> session.send(session.receive());
		return new SimpleUrlHandlerMapping(Map.of("/socket", echo), Ordered.HIGHEST_PRECEDENCE);
	}

	@RestController
	static class Handlers {

		final AtomicInteger inside = new AtomicInteger();

		final AtomicInteger left = new AtomicInteger();

		private final Map<String, Sinks.One<String>> waiting = new ConcurrentHashMap<>();

		private final CountDownLatch gate = new CountDownLatch(1);

		@GetMapping("/plain")
		String plain() {
			return "plain";
		}

		@GetMapping("/wait/{key}")
		Mono<String> waitFor(@PathVariable String key) {
			this.inside.incrementAndGet();
			return sink(key).asMono().doFinally((end) -> this.left.incrementAndGet());
		}

		@GetMapping(path = "/stream/{key}", produces = MediaType.TEXT_PLAIN_VALUE)
		Flux<String> stream(@PathVariable String key) {
			this.inside.incrementAndGet();
			return Flux.just("begun").concatWith(sink(key).asMono());
		}

		@GetMapping("/keep")
		String keepThread(ServerHttpResponse response) throws InterruptedException {
			response.getHeaders().set("X-Late", "late");
			return keepThread();
		}

		@GetMapping("/keep-elsewhere")
		Mono<String> keepThreadElsewhere(@RequestParam boolean elastic) {
			Scheduler elsewhere = elastic ? Schedulers.boundedElastic() : Schedulers.parallel();
			return Mono.just("late").publishOn(elsewhere).doOnNext((late) -> {
				this.inside.incrementAndGet();
				boolean waits = true;
				while (waits) {
					try {
						this.gate.await();
						waits = false;
					}
					catch (InterruptedException ex) {
						// As a driver that does not care.
					}
				}
				this.left.incrementAndGet();
			});
		}

		@PostMapping("/keep")
		String keepThreadAndBody(@RequestBody String body) throws InterruptedException {
			return keepThread();
		}

		private String keepThread() throws InterruptedException {
			this.inside.incrementAndGet();
			this.gate.await();
			this.left.incrementAndGet();
			return "late";
		}

		@GetMapping("/annotated")
		@Limits(maxConcurrent = 1)
		Mono<String> annotated() {
			this.inside.incrementAndGet();
			return sink("annotated").asMono().timeout(Duration.ofSeconds(30));
		}

		private Sinks.One<String> sink(String key) {
			return this.waiting.computeIfAbsent(key, (added) -> Sinks.one());
		}

		void goOn(String key) {
			sink(key).tryEmitValue(key);
		}

		void release() {
			this.gate.countDown();
		}

	}

}
