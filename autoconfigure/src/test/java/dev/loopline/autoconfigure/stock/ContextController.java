package dev.loopline.autoconfigure.stock;

import java.time.Duration;
import java.util.Map;

import io.micrometer.context.ContextRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Handlers that look at their context: at Reactor's, and at the thread's.
 */
@RestController
class ContextController {

	static final String KEY = "stock.user";

	private static final ThreadLocal<String> user = new ThreadLocal<>();

	static {
		ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, user);
	}

	/** Not a filter's business, but it comes before all handlers. */
	@Bean
	@Order(1)
	WebFilter userFilter() {
		return (exchange, chain) -> {
			String name = exchange.getRequest().getHeaders().getFirst("x-user");
			return (name != null) ? chain.filter(exchange).contextWrite((view) -> view.put(KEY, name))
					: chain.filter(exchange);
		};
	}

	@GetMapping("/context/{shape}")
	Mono<String> context(@PathVariable String shape) {
		return switch (shape) {
			case "keys" -> Mono.deferContextual((view) -> Mono.just(view.stream()
				.map((entry) -> (entry.getKey() instanceof Class<?> type) ? type.getName() : entry.getKey().toString())
				.sorted()
				.toList()
				.toString()));
			case "supplier" -> Mono.fromSupplier(() -> "user " + user.get());
			case "map" -> Mono.just(1).map((value) -> "user " + user.get());
			case "delay" -> Mono.delay(Duration.ofMillis(5)).map((tick) -> "user " + user.get());
			case "handler" -> Mono.just("user " + user.get());
			default -> Mono.deferContextual((view) -> Mono.just("user " + view.getOrDefault(KEY, "nobody")));
		};
	}

	@GetMapping(path = "/users/{shape}", produces = MediaType.APPLICATION_NDJSON_VALUE)
	Flux<Map<String, String>> stream(@PathVariable String shape) {
		Flux<Integer> source = switch (shape) {
			case "delayed" -> Flux.range(0, 4).delayElements(Duration.ofMillis(2));
			case "sleepy" -> Flux.range(0, 4).doOnNext((number) -> AnswersController.sleep(8));
			default -> Flux.range(0, 4);
		};
		return source.map((number) -> Map.of("user" + number, String.valueOf(user.get())));
	}

	@GetMapping(path = "/users-text/{shape}", produces = MediaType.TEXT_PLAIN_VALUE)
	Flux<String> text(@PathVariable String shape) {
		return Flux.range(0, Integer.parseInt(shape)).map((number) -> number + String.valueOf(user.get()) + ",");
	}

	@PostMapping("/users/{shape}")
	Mono<String> body(@PathVariable String shape, ServerWebExchange exchange) {
		Flux<DataBuffer> body = exchange.getRequest().getBody();
		return body.map((buffer) -> {
			DataBufferUtils.release(buffer);
			return String.valueOf(user.get());
		}).distinct().collectList().map(Object::toString);
	}

}
