package dev.loopline.autoconfigure.shortway;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.function.server.EntityResponse;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Handlers of every shape, whose answers depend on the request alone.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ Shapes.Handlers.class, Shapes.Items.class, Shapes.Names.class, Shapes.Views.class, FunctionalShapes.class })
class Shapes {

	@RestController
	static class Handlers {

		@GetMapping("/headers")
		HttpHeaders headers() {
			HttpHeaders headers = new HttpHeaders();
			headers.set("X-Returned", "a");
			return headers;
		}

		@GetMapping("/mono-headers")
		Mono<HttpHeaders> monoHeaders() {
			return Mono.just(headers());
		}

		@GetMapping("/entity-response")
		ServerResponse entityResponse() {
			return Objects.requireNonNull(EntityResponse.fromObject(new Item("entity", 7)).status(202).build().block());
		}

		@GetMapping("/string")
		String string() {
			return "string";
		}

		@GetMapping(path = "/string", params = "other")
		String stringWithParameter() {
			return "parameter";
		}

		@GetMapping("/plain")
		String plain() {
			return "plain";
		}

		@PostMapping("/plain")
		String posted() {
			return "posted";
		}

		@GetMapping("/{any}")
		String any(@PathVariable String any) {
			return "any " + any;
		}

		@GetMapping("/mono")
		Mono<String> mono() {
			return Mono.just("mono");
		}

		@GetMapping("/mono-late")
		Mono<String> monoLate() {
			return Mono.delay(Duration.ofMillis(1)).thenReturn("late");
		}

		@GetMapping("/mono-empty")
		Mono<String> monoEmpty() {
			return Mono.empty();
		}

		@GetMapping("/mono-void")
		Mono<Void> monoVoid() {
			return Mono.empty();
		}

		@GetMapping("/mono-object")
		Mono<Object> monoObject() {
			return Mono.just(Map.of("mono", "object"));
		}

		@GetMapping("/mono-error")
		Mono<String> monoError() {
			return Mono.error(new IllegalStateException("mono"));
		}

		@GetMapping("/null")
		@SuppressWarnings("NullAway")
		String nothing() {
			return null;
		}

		@GetMapping("/void")
		void nothingAtAll() {
		}

		@GetMapping("/throws")
		String fails() {
			throw new IllegalStateException("thrown");
		}

		@GetMapping("/throws-linkage")
		String failsToLink() {
			throw new NoClassDefFoundError("thrown");
		}

		@GetMapping("/mono-linkage")
		Mono<String> monoLinkage() {
			return Mono.error(new NoClassDefFoundError("mono"));
		}

		@GetMapping("/mono-assertion")
		Mono<String> monoAssertion() {
			return Mono.error(() -> new AssertionError("mono"));
		}

		@GetMapping("/throws-argument")
		String failsKnown() {
			throw new IllegalArgumentException("known");
		}

		@GetMapping("/mono-argument")
		Mono<Item> monoKnown() {
			return Mono.error(new IllegalArgumentException("known"));
		}

		@GetMapping("/status-exception")
		Mono<String> status() {
			return Mono.error(new ResponseStatusException(HttpStatus.CONFLICT, "conflict"));
		}

		@GetMapping("/item")
		Item item() {
			return new Item("item", 1);
		}

		@GetMapping("/mono-item")
		Mono<Item> monoItem() {
			return Mono.just(new Item("mono", 2));
		}

		@GetMapping("/items")
		List<Item> items() {
			return List.of(new Item("first", 1), new Item("second", 2));
		}

		@GetMapping("/flux-items")
		Flux<Item> fluxItems() {
			return Flux.just(new Item("first", 1), new Item("second", 2));
		}

		@GetMapping("/flux")
		Flux<String> flux() {
			return Flux.just("a", "b");
		}

		@GetMapping("/bytes")
		byte[] bytes() {
			return new byte[] { 1, 2, 3 };
		}

		@GetMapping("/object")
		Object object() {
			return "object";
		}

		@GetMapping("/unwritable")
		Unwritable unwritable() {
			return new Unwritable();
		}

		@GetMapping(path = "/json-string", produces = MediaType.APPLICATION_JSON_VALUE)
		String jsonString() {
			return "{}";
		}

		@GetMapping(path = "/two-types", produces = { MediaType.TEXT_PLAIN_VALUE, MediaType.APPLICATION_JSON_VALUE })
		String twoTypes() {
			return "{}";
		}

		@GetMapping(path = "/either", produces = MediaType.TEXT_PLAIN_VALUE)
		String eitherText() {
			return "text";
		}

		@GetMapping(path = "/either", produces = MediaType.APPLICATION_JSON_VALUE)
		Item eitherItem() {
			return new Item("either", 1);
		}

		@RequestMapping(path = "/either", produces = "!text/html")
		String eitherAny() {
			return "any";
		}

		@GetMapping(path = { "/paths", "/paths/{variable}" }, produces = "text/*")
		String paths() {
			return "paths";
		}

		@PostMapping(path = "/paths", produces = MediaType.TEXT_PLAIN_VALUE)
		Mono<String> postedPaths() {
			return Mono.just("posted");
		}

		@GetMapping(path = "/versions", headers = "X-Kind=a")
		String kindA() {
			return "a";
		}

		@GetMapping(path = "/versions", headers = "X-Kind!=a")
		String kindB() {
			return "b";
		}

		@GetMapping("/entity")
		ResponseEntity<String> entity() {
			return ResponseEntity.accepted().header("X-Entity", "yes").body("entity");
		}

		@GetMapping("/mono-entity")
		Mono<ResponseEntity<Item>> monoEntity() {
			return Mono.just(ResponseEntity.ok(new Item("entity", 3)));
		}

		@GetMapping("/problem")
		ProblemDetail problem() {
			return ProblemDetail.forStatusAndDetail(HttpStatus.GONE, "gone");
		}

		@GetMapping("/created")
		@ResponseStatus(HttpStatus.CREATED)
		String created() {
			return "created";
		}

		@GetMapping("/response")
		String response(ServerHttpResponse response) {
			response.getHeaders().setContentType(MediaType.TEXT_HTML);
			response.addCookie(ResponseCookie.from("name", "value").path("/").build());
			return "<p>html</p>";
		}

		@GetMapping("/written")
		Mono<Void> written(ServerWebExchange exchange) {
			ServerHttpResponse response = exchange.getResponse();
			return response
				.writeWith(Mono.just(response.bufferFactory().wrap("written".getBytes(StandardCharsets.UTF_8))));
		}

		@GetMapping("/parameter")
		String parameter(@RequestParam int number) {
			return "number " + number;
		}

		@GetMapping("/attributes")
		Mono<String> attributes(ServerWebExchange exchange) {
			return Mono.just(exchange.getAttributes().keySet().stream().sorted().toList().toString());
		}

		@GetMapping("/context")
		Mono<String> context() {
			return Mono.deferContextual((context) -> Mono
				.just(context.stream().map((entry) -> entry.getKey().toString()).sorted().toList().toString()));
		}

		@GetMapping("/session")
		Mono<String> session(ServerWebExchange exchange) {
			return exchange.getSession().map((session) -> "started " + session.isStarted());
		}

		@GetMapping("/future")
		CompletableFuture<String> future() {
			return CompletableFuture.completedFuture("future");
		}

		@GetMapping("/cors")
		@CrossOrigin("http://origin")
		String cors() {
			return "cors";
		}

		@GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Flux<String> events() {
			return Flux.just("one", "two");
		}

		@PostMapping("/echo")
		Mono<String> echo(@RequestBody Mono<String> body) {
			return body;
		}

		@PostMapping("/echo-item")
		Item echoItem(@RequestBody Item item) {
			return item;
		}

		@PostMapping(path = "/consumes", consumes = MediaType.APPLICATION_JSON_VALUE)
		String consumes() {
			return "consumes";
		}

		@PutMapping("/plain")
		@ResponseStatus(HttpStatus.NO_CONTENT)
		void put() {
		}

		@DeleteMapping("/plain")
		Mono<String> delete() {
			return Mono.just("deleted");
		}

		@RequestMapping("/every-method")
		String everyMethod() {
			return "every";
		}

		@GetMapping("/late-header")
		Mono<String> lateHeader(ServerHttpResponse response) {
			return Mono.fromCallable(() -> {
				response.getHeaders().set(HttpHeaders.ETAG, "\"late\"");
				return "late";
			});
		}

		@ExceptionHandler
		@ResponseBody
		ResponseEntity<String> known(IllegalArgumentException ex, HandlerMethod handler) {
			return ResponseEntity.badRequest().body(handler.getMethod().getName() + " " + ex.getMessage());
		}

	}

	/** Its method belongs to three controllers. */
	abstract static class Inherited<T> {

		private final T value;

		Inherited(T value) {
			this.value = value;
		}

		@GetMapping("/inherited")
		T inherited() {
			return this.value;
		}

	}

	@RestController
	@RequestMapping("/items")
	static class Items extends Inherited<Item> {

		Items() {
			super(new Item("inherited", 5));
		}

	}

	@RestController
	@RequestMapping("/names")
	static class Names extends Inherited<String> {

		Names() {
			super("inherited");
		}

	}

	@Controller
	@RequestMapping("/views")
	static class Views extends Inherited<String> {

		Views() {
			super("redirect:/plain");
		}

	}

	record Item(String name, int number) {
	}

	record Unwritable(String failure) {

		Unwritable() {
			this("");
		}

		@Override
		public String failure() {
			throw new IllegalStateException("unwritable");
		}

	}

}
