package dev.loopline.autoconfigure.stock;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.codec.multipart.FilePart;
import org.springframework.http.codec.multipart.Part;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Handlers that do everything with a request's body that can be done with it.
 */
@RestController
class BodiesController {

	@PostMapping("/text/{shape}")
	Mono<String> text(@PathVariable String shape, @RequestBody Mono<String> body) {
		return body.map((text) -> {
			Fault.raise(shape);
			return shape.equals("block") ? String.valueOf(Mono.just(text).hide().block()) : text.length() + text;
		});
	}

	@PostMapping("/array/{shape}")
	String array(@PathVariable String shape, @RequestBody(required = false) byte[] body) {
		Fault.raise(shape);
		return shape + ((body != null) ? body.length : "none");
	}

	@PostMapping("/json/{shape}")
	Mono<TreeMap<String, Object>> json(@PathVariable String shape, @RequestBody Mono<TreeMap<String, Object>> body) {
		return body;
	}

	@PostMapping("/echo/{shape}")
	Flux<DataBuffer> echo(@PathVariable String shape, @RequestBody Flux<DataBuffer> body) {
		return shape.equals("slow") ? body.delayElements(Duration.ofMillis(2)) : body;
	}

	@PostMapping("/form/{shape}")
	Mono<String> form(@PathVariable String shape, ServerWebExchange exchange) {
		return exchange.getFormData().map((form) -> new TreeMap<>(form).toString());
	}

	@PostMapping("/multipart/{shape}")
	Mono<String> multipart(@PathVariable String shape, ServerWebExchange exchange) {
		return exchange.getMultipartData()
			.flatMapMany((parts) -> Flux.fromIterable(new TreeMap<>(parts.toSingleValueMap()).values()))
			.concatMap(BodiesController::describe)
			.reduce("", String::concat);
	}

	private static Mono<String> describe(Part part) {
		String file = (part instanceof FilePart filePart) ? filePart.filename() : "";
		return length(part.content()).map((length) -> part.name() + "/" + file + "/" + length + ";");
	}

	@PostMapping("/body/{shape}")
	Mono<String> body(@PathVariable String shape, ServerWebExchange exchange) {
		Flux<DataBuffer> body = exchange.getRequest().getBody();
		return switch (shape.replaceFirst("-.*", "")) {
			case "ignore" -> Mono.just("ignored");
			case "first" -> length(body.next().flux()).map((length) -> "first");
			case "take" -> length(body.take(2)).map((length) -> "taken");
			case "none" -> length(body.take(0)).map((length) -> "none");
			case "twice" -> length(body).then(length(body)).map((length) -> "again " + length);
			case "slow" -> body.concatMap((buffer) -> Mono.delay(Duration.ofMillis(1)).thenReturn(buffer))
				.transform(BodiesController::length)
				.single();
			case "sleepy" -> length(body.doOnNext((buffer) -> AnswersController.sleep(1)));
			case "fault" -> length(body.doOnDiscard(DataBuffer.class, DataBufferUtils::release).map((buffer) -> {
				try {
					Fault.raise(shape);
				}
				catch (Throwable ex) {
					DataBufferUtils.release(buffer);
					throw ex;
				}
				return buffer;
			}));
			case "counted" -> counted(shape, body, exchange);
			case "never" -> noted(body, exchange).then(Mono.never());
			case "pause" -> length(noted(body, exchange));
			case "signals" -> length(body.doOnSubscribe((subscription) -> Journal.note(exchange, "body subscribed"))
				.doOnComplete(() -> Journal.note(exchange, "body complete"))
				.doOnError((ex) -> Journal.note(exchange, "body error " + ex))
				.doOnCancel(() -> Journal.note(exchange, "body cancelled")));
			case "lift" -> Mono.fromCallable(() -> length(body).block());
			case "join" -> DataBufferUtils.join(body).map((buffer) -> {
				DataBufferUtils.release(buffer);
				return "joined";
			}).defaultIfEmpty("nothing");
			case "early" -> Mono.just("early").doOnTerminate(() -> Journal.note(exchange, "answered"));
			default -> length(body);
		};
	}

	private static Mono<String> length(Flux<DataBuffer> body) {
		return body.map((buffer) -> {
			int length = buffer.readableByteCount();
			DataBufferUtils.release(buffer);
			return length;
		}).reduce(0, Integer::sum).map(String::valueOf);
	}

	/**
	 * Keeps the buffers' memory, and discards some on the way if it shall.
	 */
	private static Mono<String> counted(String shape, Flux<DataBuffer> body, ServerWebExchange exchange) {
		Journal journal = Journal.of(exchange.getRequest());
		Flux<DataBuffer> held = noted(body.doOnNext(journal::hold), exchange);
		return switch (shape) {
			case "counted-first" -> length(held.next().flux()).map((length) -> "first");
			case "counted-slow" ->
				length(held.concatMap((buffer) -> Mono.delay(Duration.ofMillis(2)).thenReturn(buffer), 1));
			case "counted-sleepy" -> length(held.doOnNext((buffer) -> AnswersController.sleep(5)));
			case "counted-join" -> DataBufferUtils.join(held).map((buffer) -> {
				int length = buffer.readableByteCount();
				DataBufferUtils.release(buffer);
				return "joined " + length;
			});
			case "counted-text" -> DataBufferUtils.join(held).map((buffer) -> {
				String text = buffer.toString(StandardCharsets.UTF_8);
				DataBufferUtils.release(buffer);
				return text;
			});
			default -> length(held);
		};
	}

	private static Flux<DataBuffer> noted(Flux<DataBuffer> body, ServerWebExchange exchange) {
		AtomicBoolean first = new AtomicBoolean();
		return body.doOnNext((buffer) -> {
			if (first.compareAndSet(false, true)) {
				Journal.note(exchange, "first part");
			}
		}).doOnError((ex) -> Journal.note(exchange, "body error " + ex.getClass().getName()));
	}

}
