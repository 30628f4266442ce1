package dev.loopline.autoconfigure.stock;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;

/**
 * Filters that do what a header of the request says.
 */
@Configuration(proxyBeanMethods = false)
class ComparedFilters {

	static final String FILTER = "x-filter";

	/** The header of requests from which a route is learned. */
	static final String SLOW = "x-slow";

	@Bean
	@Order(-2)
	WebFilter slowFilter() {
		return (exchange, chain) -> {
			if (exchange.getRequest().getHeaders().containsHeader(SLOW)) {
				Strand strand = Strand.current();
				long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
				while (strand != null && !StrandInstrumentation.isSlow(strand) && System.nanoTime() < end) {
					AnswersController.sleep(2);
				}
			}
			return chain.filter(exchange);
		};
	}

	@Bean
	@Order(-1)
	WebFilter observingFilter() {
		return (exchange, chain) -> {
			exchange.getAttributes().put("before", true);
			return chain.filter(exchange)
				.doOnSuccess((nothing) -> Journal.note(exchange, "filter: success"))
				.doOnError((ex) -> Journal.note(exchange, "filter: " + ex.getClass().getName()))
				.doOnCancel(() -> Journal.note(exchange, "filter: cancel"));
		};
	}

	@Bean
	@Order(0)
	WebFilter obedientFilter() {
		return (exchange, chain) -> {
			String what = exchange.getRequest().getHeaders().getFirst(FILTER);
			return (what != null) ? filter(what, exchange, chain) : chain.filter(exchange);
		};
	}

	private static Mono<Void> filter(String what, ServerWebExchange exchange, WebFilterChain chain) {
		switch (what.replaceFirst("-.*", "")) {
			case "throw" -> Fault.raise(what);
			case "after" -> {
				return chain.filter(exchange).then(Mono.fromRunnable(() -> Fault.raise(what)));
			}
			case "success" -> {
				return chain.filter(exchange).doOnSuccess((nothing) -> Fault.raise(what));
			}
			case "sleep" -> {
				return chain.filter(exchange).doOnSuccess((nothing) -> {
					AnswersController.sleep(20);
					Journal.note(exchange, "filter: slept");
				});
			}
			case "before" -> {
				AnswersController.sleep(20);
				return chain.filter(exchange);
			}
			case "answer" -> {
				ServerHttpResponse response = exchange.getResponse();
				response.setStatusCode(HttpStatus.FORBIDDEN);
				return response.writeWith(
						Mono.just(response.bufferFactory().wrap("forbidden".getBytes(StandardCharsets.US_ASCII))));
			}
			case "mutate" -> {
				return chain.filter(exchange.mutate()
					.request((request) -> request.header("x-added", "by filter"))
					.response(new ServerHttpResponseDecorator(exchange.getResponse()))
					.build());
			}
			case "delay" -> {
				return Mono.delay(Duration.ofMillis(5)).then(chain.filter(exchange));
			}
			case "elastic" -> {
				return chain.filter(exchange).subscribeOn(Schedulers.boundedElastic());
			}
			case "parallel" -> {
				return Mono.just(1).publishOn(Schedulers.parallel()).flatMap((value) -> chain.filter(exchange));
			}
			case "timeout" -> {
				return chain.filter(exchange).timeout(Duration.ofMillis(300));
			}
			default -> {
				return chain.filter(exchange);
			}
		}
		return chain.filter(exchange);
	}

}
