package dev.loopline.autoconfigure.shortway;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.micrometer.context.ContextRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.ResolvableType;
import org.springframework.core.ResolvableTypeProvider;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Handlers, filters and observers that take note of the signals that they see.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(Signals.Handlers.class)
class Signals {

	static final String USER = "signals.user";

	static final ThreadLocal<String> user = new ThreadLocal<>();

	static {
		ContextRegistry.getInstance().registerThreadLocalAccessor(USER, user);
	}

	private final List<String> notes = new CopyOnWriteArrayList<>();

	/**
	 * Returns what was noted since the last time.
	 */
	List<String> take() {
		List<String> taken = new ArrayList<>(this.notes);
		this.notes.clear();
		return taken;
	}

	private <T> Mono<T> noted(String name, Mono<T> source) {
		return source.doOnCancel(() -> this.notes.add(name + " cancelled"))
			.doFinally((signal) -> this.notes.add(name + " " + signal));
	}

	@Bean
	WebFilter filter() {
		return (exchange, chain) -> switch (String.valueOf(exchange.getRequest().getURI().getQuery())) {
			case "continue" -> chain.filter(exchange).onErrorContinue((ex, value) -> this.notes.add("continued"));
			case "commit-never" -> {
				exchange.getResponse().beforeCommit(() -> noted("commit", Mono.never()));
				yield chain.filter(exchange);
			}
			default -> chain.filter(exchange);
		};
	}

	@Bean
	ObservationRegistry observations() {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new Observer());
		return registry;
	}

	@Bean
	RouterFunction<ServerResponse> endless() {
		return RouterFunctions.route()
			.GET("/fn/endless",
					(request) -> noted("result",
							ServerResponse.ok()
								.contentType(MediaType.TEXT_PLAIN)
								.body(Flux.just("first").concatWith(noted("body", Mono.never())), String.class)))
			.GET("/fn/no-type",
					(request) -> ServerResponse.accepted()
						.header("X-Head", "set")
						.header("Content-Type", "no type")
						.bodyValue("value"))
			.build();
	}

	@Bean
	RouterFunction<ServerResponse> noted() {
		HandlerFunction<ServerResponse> handler = (request) -> ServerResponse.ok().bodyValue("found");
		return (request) -> request.path().equals("/fn/noted") ? noted("route", Mono.just(handler)) : Mono.empty();
	}

	private final class Observer implements ObservationHandler<ServerRequestObservationContext> {

		@Override
		public void onStart(ServerRequestObservationContext context) {
			Signals.this.notes.add("observation starts for " + user.get());
		}

		@Override
		public void onStop(ServerRequestObservationContext context) {
			Signals.this.notes.add("observation stops for " + user.get() + " " + context.getAllKeyValues());
			if ("observe-fails".equals(context.getCarrier().getURI().getQuery())) {
				throw new IllegalStateException("observed");
			}
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof ServerRequestObservationContext;
		}

	}

	@RestController
	static class Handlers {

		private final Signals signals;

		Handlers(Signals signals) {
			this.signals = signals;
		}

		@GetMapping("/plain")
		String plain() {
			return "plain";
		}

		@GetMapping("/bad")
		@ResponseStatus(HttpStatus.BAD_REQUEST)
		String bad() {
			return "bad";
		}

		@GetMapping("/mono")
		Mono<String> mono() {
			return this.signals.noted("value", Mono.just("mono").hide());
		}

		@GetMapping("/never")
		Mono<String> never() {
			return this.signals.noted("value", Mono.never());
		}

		@GetMapping("/fatal")
		Mono<String> fatal() {
			return Mono.error(new StackOverflowError("fatal"));
		}

		@GetMapping("/fatal-json")
		Mono<Shapes.Item> fatalJson() {
			return Mono.error(new StackOverflowError("fatal"));
		}

		@GetMapping("/wrapped-json")
		Mono<Shapes.Item> wrappedJson() {
			return Mono.error(Exceptions.propagate(new IOException("wrapped")));
		}

		@GetMapping("/fatal-hidden")
		Mono<String> fatalHidden() {
			return Mono.<String>error(new StackOverflowError("fatal")).hide();
		}

		@GetMapping("/wrapped")
		Mono<String> wrapped() {
			return Mono.error(Exceptions.propagate(new IOException("wrapped")));
		}

		@GetMapping("/assertion")
		Mono<String> assertion() {
			return Mono.error(() -> new AssertionError("supplied"));
		}

		@GetMapping("/two")
		Mono<String> two() {
			return this.signals.noted("value", Mono.fromDirect(Flux.just("first", "second").hide()));
		}

		@GetMapping("/value-and-error")
		Mono<String> valueAndError() {
			return this.signals.noted("value", Mono
				.fromDirect(Flux.concat(Mono.just("value"), Mono.error(() -> new IllegalStateException("after it")))));
		}

		@GetMapping("/late-completion")
		Mono<String> lateCompletion(ServerWebExchange exchange) {
			return Mono.fromDirect(Flux.just("value")
				.doOnComplete(() -> exchange.getResponse().getHeaders().set("X-Completed", "yes")));
		}

		@GetMapping("/value-only")
		Mono<String> valueOnly() {
			return this.signals.noted("value", Mono.fromDirect(Flux.concat(Mono.just("value"), Mono.never())));
		}

		@GetMapping("/unwritable")
		Mono<Shapes.Unwritable> unwritable() {
			return this.signals.noted("value", Mono.just(new Shapes.Unwritable()).hide());
		}

		@GetMapping("/typed")
		Typed typed(@RequestParam boolean buffer) {
			return new Typed(buffer);
		}

		@ExceptionHandler
		String handled(IllegalStateException ex) {
			return "handled " + ex.getMessage();
		}

		@ExceptionHandler
		String handled(Throwable ex) {
			return "handled " + ex;
		}

	}

	/** Says itself what type it has. */
	record Typed(boolean buffer) implements ResolvableTypeProvider {

		@Override
		public ResolvableType getResolvableType() {
			return ResolvableType.forClass(this.buffer ? String.class : Typed.class);
		}

	}

}
