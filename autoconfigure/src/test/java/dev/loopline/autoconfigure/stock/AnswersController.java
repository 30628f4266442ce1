package dev.loopline.autoconfigure.stock;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Handlers that answer in every way they can.
 */
@RestController
class AnswersController {

	private static final int MANY = 16;

	private final SampleFile file;

	AnswersController(SampleFile file) {
		this.file = file;
	}

	@GetMapping("/next")
	String next() {
		return "next";
	}

	@GetMapping("/string/{shape}")
	@Nullable String string(@PathVariable String shape) {
		Fault.raise(shape);
		return switch (shape) {
			case "null" -> null;
			case "empty" -> "";
			case "unicode" -> "gr\u00fc\u00dfe \u2713";
			case "long" -> "x".repeat(300_000);
			case "sleep" -> {
				sleep(20);
				yield "slept";
			}
			case "block" -> Mono.just("blocked").hide().block();
			case "block-delay" -> Mono.delay(Duration.ofMillis(5)).map(String::valueOf).block();
			case "sleep-block" -> {
				sleep(20);
				yield Mono.just("blocked").hide().block();
			}
			default -> shape;
		};
	}

	@GetMapping("/mono/{shape}")
	Mono<String> mono(@PathVariable String shape, ServerWebExchange exchange) {
		return switch (shape.replaceFirst("-.*", "")) {
			case "empty" -> Mono.empty();
			case "delay" -> Mono.delay(Duration.ofMillis(10)).map((tick) -> "delayed");
			case "error" -> Mono.fromCallable(() -> {
				Fault.raise(shape);
				return "no error";
			});
			case "map" -> Mono.just(shape).map((value) -> {
				Fault.raise(value);
				return "no error";
			});
			case "late" -> Mono.delay(Duration.ofMillis(5)).map((tick) -> {
				Fault.raise(shape);
				return "no error";
			});
			case "block" -> Mono.fromSupplier(() -> Mono.just("blocked").hide().block());
			case "sleep" -> Mono.just("slept").doOnNext((value) -> sleep(20));
			case "never" -> Mono.<String>never()
				.doOnSubscribe((subscription) -> Journal.note(exchange, "source subscribed"))
				.doOnCancel(() -> Journal.note(exchange, Journal.CANCELLED));
			case "attributes" -> Mono.just(String.valueOf(exchange.getAttributes().containsKey("before")));
			default -> Mono.just(shape);
		};
	}

	@GetMapping(path = "/flux/{shape}", produces = MediaType.TEXT_PLAIN_VALUE)
	Flux<String> flux(@PathVariable String shape, ServerWebExchange exchange) {
		Flux<String> source = Flux.just("one,", "two,", "three,", "four");
		Flux<String> flux = switch (shape.replaceFirst("-.*", "")) {
			case "empty" -> Flux.empty();
			case "delayed" -> source.delayElements(Duration.ofMillis(5));
			case "sleep" -> source.doOnNext((value) -> sleep(8));
			case "first" -> source.map((value) -> failing(shape, value, "one,"));
			case "third" -> source.map((value) -> failing(shape, value, "three,"));
			case "block" -> source.map((value) -> Mono.just(value).hide().block());
			case "never" ->
				Flux.<String>never().doOnSubscribe((subscription) -> Journal.note(exchange, "source subscribed"));
			case "single" -> Flux.just("single");
			default -> source;
		};
		return flux.doOnCancel(() -> Journal.note(exchange, Journal.CANCELLED))
			.doOnComplete(() -> Journal.note(exchange, "source complete"));
	}

	private static String failing(String shape, String value, String last) {
		if (value.equals(last)) {
			Fault.raise(shape);
		}
		return value;
	}

	@GetMapping("/buffers/{shape}")
	Flux<DataBuffer> buffers(@PathVariable String shape, ServerWebExchange exchange) {
		DataBufferFactory factory = exchange.getResponse().bufferFactory();
		Journal journal = Journal.of(exchange.getRequest());
		Flux<Integer> numbers = switch (shape.replaceFirst("-.*", "")) {
			case "three", "third" -> Flux.range(0, 3);
			case "big", "hidden" -> Flux.range(0, MANY);
			case "endless" -> Flux.range(0, 100_000);
			case "slow" -> Flux.range(0, 5).delayElements(Duration.ofMillis(5));
			default -> Flux.empty();
		};
		Flux<DataBuffer> buffers = numbers.map((number) -> {
			if (number == 2) {
				Fault.raise(shape);
			}
			int size = (shape.startsWith("big") || shape.startsWith("endless")) ? 65_536 : 1_000;
			DataBuffer buffer = factory.allocateBuffer(size);
			journal.hold(buffer);
			return buffer.write(("" + number % 10).repeat(size).getBytes(StandardCharsets.US_ASCII));
		});
		return buffers.doOnCancel(() -> Journal.note(exchange, Journal.CANCELLED));
	}

	@GetMapping("/entity/{shape}")
	ResponseEntity<String> entity(@PathVariable String shape) {
		return switch (shape) {
			case "created" -> ResponseEntity.created(URI.create("/there")).header("x-own", "a", "b").body("created");
			case "nocontent" -> ResponseEntity.noContent().build();
			case "notmodified" -> ResponseEntity.status(304).eTag("\"tag\"").build();
			case "etag" -> ResponseEntity.ok().eTag("\"tag\"").body("tagged");
			case "accepted" -> ResponseEntity.accepted().build();
			case "close" -> ResponseEntity.ok().header("connection", "close").body("closing");
			default -> ResponseEntity.status(HttpStatus.CONFLICT).body(shape);
		};
	}

	@GetMapping("/entityflux/{shape}")
	ResponseEntity<Flux<String>> entityFlux(@PathVariable String shape) {
		return ResponseEntity.ok()
			.contentType(MediaType.TEXT_PLAIN)
			.header("x-shape", shape)
			.body(Flux.just("a", "b").map((value) -> failing(shape, value, "b")));
	}

	@GetMapping(path = "/sse/{shape}", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<String>> events(@PathVariable String shape) {
		Flux<String> source = Flux.just("one", "two", "three");
		return (shape.equals("slow") ? source.delayElements(Duration.ofMillis(5)) : source)
			.map((value) -> ServerSentEvent.builder(failing(shape, value, "three")).id(value).event("e").build());
	}

	@GetMapping(path = "/ndjson/{shape}", produces = MediaType.APPLICATION_NDJSON_VALUE)
	Flux<Map<String, Object>> ndjson(@PathVariable String shape) {
		return Flux.range(0, 5).map((number) -> Map.of(shape, failing(shape, "" + number, "3")));
	}

	@GetMapping("/json/{shape}")
	Object json(@PathVariable String shape) {
		return switch (shape) {
			case "list" -> List.of(1, 2, 3);
			case "flux" -> Flux.just(Map.of("a", 1), Map.of("a", 2));
			case "large" -> Map.of("text", "y".repeat(20_000));
			default -> Map.of("shape", shape);
		};
	}

	@GetMapping("/resource/{shape}")
	Resource resource(@PathVariable String shape) {
		return shape.equals("file") ? new FileSystemResource(this.file.path())
				: new ByteArrayResource(shape.repeat(100).getBytes(StandardCharsets.US_ASCII));
	}

	@GetMapping("/bytes/{size}")
	byte[] bytes(@PathVariable int size) {
		return "b".repeat(size).getBytes(StandardCharsets.US_ASCII);
	}

	@GetMapping("/future/{shape}")
	CompletableFuture<String> future(@PathVariable String shape) {
		CompletableFuture<String> future = new CompletableFuture<>();
		if (shape.equals("late")) {
			future.completeOnTimeout("late", 5, TimeUnit.MILLISECONDS);
		}
		else if (shape.equals("failed")) {
			future.completeExceptionally(new IllegalStateException("failed"));
		}
		else {
			future.complete(shape);
		}
		return future;
	}

	static void sleep(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
