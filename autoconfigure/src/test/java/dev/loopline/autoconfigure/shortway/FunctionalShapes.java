package dev.loopline.autoconfigure.shortway;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.codec.json.JacksonJsonEncoder;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.EntityResponse;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Functional routes of many kinds, below {@code /fn}. The first one conflicts with a
 * controller's path, and comes first.
 */
@Configuration(proxyBeanMethods = false)
class FunctionalShapes {

	static final List<String> PATHS = List.of("/fn/name/a", "/fn/error", "/fn/throws", "/fn/echo", "/fn/item",
			"/fn/items", "/fn/bytes", "/fn/typed", "/fn/html", "/fn/latin", "/fn/json-string", "/fn/unwritable",
			"/fn/no-writer", "/fn/etag", "/fn/modified", "/fn/cookie", "/fn/entity", "/fn/hint", "/fn/late",
			"/fn/empty", "/fn/created", "/fn/flux", "/fn/events", "/fn/writes", "/fn/inserter", "/fn/number",
			"/fn/nested/deep/x", "/fn/filtered", "/fn/replaced", "/fn/handled");

	@Bean
	RouterFunction<ServerResponse> functions() {
		return RouterFunctions.route()
			.GET("/string", (request) -> request.queryParam("function").isPresent(),
					(request) -> ServerResponse.accepted().bodyValue("function"))
			.path("/fn",
					(fn) -> fn
						.GET("/name/{name}", (request) -> ServerResponse.ok().bodyValue(request.pathVariable("name")))
						.GET("/error", (request) -> Mono.error(new IllegalStateException("function")))
						.GET("/throws", (request) -> {
							throw new IllegalStateException("function");
						})
						.POST("/echo",
								(request) -> ServerResponse.ok().body(request.bodyToMono(String.class), String.class))
						.add(values())
						.add(heads())
						.add(others()))
			.build();
	}

	private static RouterFunction<ServerResponse> values() {
		return RouterFunctions.route()
			.GET("/item", (request) -> ServerResponse.ok().bodyValue(item()))
			.GET("/items", (request) -> ServerResponse.ok().bodyValue(List.of(item(), item())))
			.GET("/bytes", (request) -> ServerResponse.ok().bodyValue("bytes".getBytes(StandardCharsets.UTF_8)))
			.GET("/typed", (request) -> ServerResponse.ok()
				.bodyValue(Map.of("a", item()), new ParameterizedTypeReference<Map<String, Shapes.Item>>() {
				}))
			.GET("/number", (request) -> ServerResponse.ok().bodyValue(5))
			.GET("/json-string", json(), (request) -> ServerResponse.ok().bodyValue("any"))
			.GET("/json-string",
					(request) -> ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue("\"a\""))
			.GET("/unwritable", (request) -> ServerResponse.ok().bodyValue(new Shapes.Unwritable()))
			.GET("/no-writer", (request) -> ServerResponse.ok().contentType(MediaType.IMAGE_PNG).bodyValue(item()))
			.build();
	}

	private static RequestPredicate json() {
		return (request) -> request.headers().accept().contains(MediaType.APPLICATION_JSON);
	}

	private static RouterFunction<ServerResponse> heads() {
		return RouterFunctions.route()
			.GET("/html", (request) -> ServerResponse.ok().contentType(MediaType.TEXT_HTML).bodyValue("<p>"))
			.GET("/latin",
					(request) -> ServerResponse.ok()
						.header("Content-Type", "text/plain;charset=ISO-8859-1")
						.bodyValue("\u00e4"))
			.GET("/etag", (request) -> ServerResponse.ok().eTag("a").bodyValue("tagged"))
			.GET("/modified", (request) -> ServerResponse.ok().lastModified(Instant.EPOCH).bodyValue("old"))
			.GET("/cookie",
					(request) -> ServerResponse.status(HttpStatus.ACCEPTED)
						.cookie(ResponseCookie.from("a", "b").path("/").build())
						.header("X-Two", "1", "2")
						.bodyValue("baked"))
			.GET("/created", (request) -> ServerResponse.created(URI.create("/there")).bodyValue("made"))
			.GET("/hint",
					(request) -> ServerResponse.ok().hint(JacksonJsonEncoder.class.getName(), "hint").bodyValue(item()))
			.build();
	}

	private static RouterFunction<ServerResponse> others() {
		return RouterFunctions.route()
			.GET("/entity",
					(request) -> EntityResponse.fromObject(item()).status(201).build().cast(ServerResponse.class))
			.GET("/late", (request) -> Mono.delay(Duration.ofMillis(1)).then(ServerResponse.ok().bodyValue("late")))
			.GET("/empty", (request) -> Mono.empty())
			.GET("/flux", (request) -> ServerResponse.ok().body(Flux.just(item(), item()), Shapes.Item.class))
			.GET("/events",
					(request) -> ServerResponse.ok()
						.contentType(MediaType.TEXT_EVENT_STREAM)
						.body(Flux.just("a", "b"), String.class))
			.GET("/writes", (request) -> ServerResponse.ok().build((exchange, context) -> {
				exchange.getResponse().getHeaders().set("X-Writers", "" + (context.messageWriters().size() > 5));
				return exchange.getResponse().setComplete();
			}))
			.GET("/inserter",
					(request) -> ServerResponse.ok()
						.body((response, context) -> BodyInserters.fromValue("" + (context.messageWriters().size() > 5))
							.insert(response, context)))
			.path("/nested",
					(nested) -> nested.GET("/deep/{x}",
							(request) -> ServerResponse.ok().bodyValue(request.pathVariable("x"))))
			.add(filtered())
			.build();
	}

	private static RouterFunction<ServerResponse> filtered() {
		return RouterFunctions.route()
			.GET("/filtered", (request) -> ServerResponse.ok().bodyValue("filtered"))
			.GET("/replaced", (request) -> ServerResponse.ok().bodyValue("original"))
			.GET("/handled", (request) -> Mono.error(new IllegalArgumentException("handled")))
			.filter((request, next) -> request.path().endsWith("replaced") ? ServerResponse.ok().bodyValue("replaced")
					: next.handle(ServerRequest.from(request).header("X-Added", "a").build()))
			.onError(IllegalArgumentException.class, (ex, request) -> ServerResponse.badRequest().bodyValue("bad"))
			.build();
	}

	private static Shapes.Item item() {
		return new Shapes.Item("function", 6);
	}

}
