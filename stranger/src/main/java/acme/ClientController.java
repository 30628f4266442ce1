package acme;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.http.HttpStatus;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.server.ResponseStatusException;

/**
 * Each client, once as it should be used and once with a callback that sleeps.
 */
@RestController
class ClientController {

	private final Map<String, Supplier<Mono<String>>> calls;

	private final ReactiveStringRedisTemplate redis;

	private final DatabaseClient database;

	ClientController(ReactiveStringRedisTemplate redis, DatabaseClient database,
			WebClient shared, @Value("${server.port}") int port) {
		this.redis = redis;
		this.database = database;
		WebClient client = WebClient.create("http://127.0.0.1:" + port);
		this.calls = Map.of("redis", () -> redis.opsForValue().get("greeting"), //
				"r2dbc",
				() -> database.sql("SELECT text FROM greeting WHERE id = :id")
					.bind("id", 1)
					.map((row) -> row.get("text", String.class))
					.one(),
				"h2", () -> shared.get().uri("/plain").retrieve().bodyToMono(String.class), //
				"web", () -> client.get().uri("/plain").retrieve().bodyToMono(String.class), //
				"delay", () -> Mono.delay(Duration.ofMillis(1)).thenReturn("hello"), //
				"secure", () -> Mono.just("hello"), //
				"token", () -> Mono.just("hello"));
	}

	@GetMapping("/plain")
	Mono<String> plain() {
		return Mono.just("hello");
	}

	@GetMapping("/{client}/fine")
	Mono<String> fine(@PathVariable String client) {
		return call(client);
	}

	@GetMapping("/{client}/bad")
	Mono<String> bad(@PathVariable String client) {
		return call(client).map((greeting) -> {
			sleep();
			return greeting;
		});
	}

	private Mono<String> call(String client) {
		Supplier<Mono<String>> call = this.calls.get(client);
		return (call != null) ? call.get() : Mono.error(new ResponseStatusException(HttpStatus.NOT_FOUND));
	}

	@GetMapping("/redis/list")
	Flux<String> list() {
		return this.redis.opsForList().range("numbers", 0, -1).map((number) -> number + "\n");
	}

	@GetMapping("/redis/wrong-type")
	Mono<String> wrongType() {
		return this.redis.opsForValue().get("numbers");
	}

	@GetMapping("/r2dbc/rows")
	Flux<String> rows() {
		return this.database.sql("SELECT n FROM generate_series(1, 5000) AS n")
			.map((row) -> row.get("n", Integer.class) + "\n")
			.all();
	}

	@GetMapping("/r2dbc/wrong-table")
	Mono<Long> wrongTable() {
		return this.database.sql("SELECT * FROM nowhere").fetch().rowsUpdated();
	}

	@GetMapping("/threads")
	Set<String> threads() {
		Set<String> names = new TreeSet<>();
		Thread.getAllStackTraces().keySet().forEach((thread) -> names.add(thread.getName()));
		return names;
	}

	private static void sleep() {
		try {
			Thread.sleep(100);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
