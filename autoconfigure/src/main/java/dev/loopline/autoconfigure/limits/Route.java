package dev.loopline.autoconfigure.limits;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

import dev.loopline.layers.LayerException;
import dev.loopline.layers.LayerTimeoutException;
import dev.loopline.layers.OverloadedException;
import dev.loopline.layers.RateLimitLayer;
import dev.loopline.layers.RateLimitedException;
import dev.loopline.layers.RateLimiter;
import dev.loopline.layers.Service;
import dev.loopline.layers.Stack;

/**
 * The limits that hold for the same requests, one of each kind, as layers around the
 * handler. From outside: the rate, as it costs least and is the client's own fault; the
 * time-out, within which a request waits, too; the rate if others have to be asked for
 * it; how many at a time. Safe for use by many threads.
 */
final class Route {

	private final @Nullable Limit timeout;

	private final @Nullable Limit concurrency;

	private final @Nullable Limit rate;

	private final Priority priority;

	private final Set<Limit> limits = new LinkedHashSet<>();

	private final Service<LimitedExchange, Void> service;

	/**
	 * Creates a route.
	 * @param limits the first that sets something does so for all
	 */
	Route(List<Limit> limits, RateKeys keys) {
		this.timeout = first(limits, LimitSettings::timeout);
		this.concurrency = first(limits, LimitSettings::concurrency);
		this.rate = first(limits, LimitSettings::rate);
		Limit priority = first(limits, LimitSettings::priority);
		Priority declared = (priority != null) ? priority.settings().priority() : null;
		this.priority = (declared != null) ? declared : Priority.NORMAL;
		this.service = stack(keys).around(this::accept);
	}

	private @Nullable Limit first(List<Limit> limits, Function<LimitSettings, @Nullable Object> setting) {
		for (Limit limit : limits) {
			if (setting.apply(limit.settings()) != null) {
				this.limits.add(limit);
				return limit;
			}
		}
		return null;
	}

	private Stack<LimitedExchange, Void> stack(RateKeys keys) {
		Stack<LimitedExchange, Void> stack = Stack.empty();
		LimitSettings.Rate rate = (this.rate != null) ? this.rate.settings().rate() : null;
		RateLimiter limiter = (this.rate != null) ? this.rate.rate() : null;
		SharedRate shared = (this.rate != null) ? this.rate.sharedRate() : null;
		boolean early = rate != null && rate.key() != RateKey.PRINCIPAL;
		if (rate != null && limiter != null && shared == null && early) {
			stack = stack
				.add(new RateLimitLayer<LimitedExchange, Void>(limiter, (exchange) -> keys.of(rate, exchange.request()))
					.onDecision((exchange, decision) -> tell(decision, exchange.response())));
		}
		if (this.timeout != null && this.timeout.timeout() != null) {
			stack = stack.add(this.timeout.timeout());
		}
		if (rate != null && shared != null && early) {
			// To ask for it takes time
			stack = stack.add((inner) -> (exchange) -> shared.take(keys.of(rate, exchange.request()), exchange.timers())
				.flatMap((decision) -> handle(decision, exchange, () -> inner.call(exchange))));
		}
		if (this.concurrency != null && this.concurrency.concurrency() != null) {
			stack = stack.add(this.concurrency.concurrency());
		}
		return stack;
	}

	Priority priority() {
		return this.priority;
	}

	/**
	 * Handles a request, or answers it in place of its handler.
	 */
	Mono<Void> handle(LimitedExchange exchange) {
		boolean gated = this.timeout != null || this.concurrency != null;
		exchange.show(this.priority, gated, this.timeout != null);
		return this.service.call(exchange).onErrorResume(LayerException.class, (ex) -> answer(ex, exchange));
	}

	private Mono<Void> accept(LimitedExchange exchange) {
		for (Limit limit : this.limits) {
			limit.count(LimitOutcome.ACCEPTED).increment();
		}
		return exchange.handle();
	}

	private Mono<Void> answer(LayerException ex, LimitedExchange exchange) {
		if (ex instanceof OverloadedException) {
			count(this.concurrency, LimitOutcome.REFUSED);
			return exchange.answer(LimitAnswer.OVERLOADED, ex.retryAfter());
		}
		if (ex instanceof RateLimitedException) {
			return refuse(exchange, ex.retryAfter());
		}
		if (ex instanceof LayerTimeoutException) {
			count(this.timeout, LimitOutcome.TIMED_OUT);
			return exchange.answer(LimitAnswer.TIMED_OUT, null);
		}
		return Mono.error(ex);
	}

	private static void count(@Nullable Limit limit, LimitOutcome outcome) {
		if (limit != null) {
			limit.count(outcome).increment();
		}
	}

	/*
	 * --------------- Rates of users ---------------
	 */

	/**
	 * Returns whether the rate has to be looked at once the user is known.
	 */
	boolean limitsPrincipals() {
		LimitSettings.Rate rate = (this.rate != null) ? this.rate.settings().rate() : null;
		return rate != null && rate.key() == RateKey.PRINCIPAL;
	}

	/**
	 * Handles a request if there is a permit of its user.
	 */
	Mono<Void> handle(Object user, LimitedExchange exchange) {
		RateLimiter limiter = (this.rate != null) ? this.rate.rate() : null;
		if (this.rate == null || limiter == null) {
			return exchange.handle();
		}
		SharedRate shared = this.rate.sharedRate();
		if (shared == null) {
			return handle(limiter.take(user), exchange, exchange::handle);
		}
		return shared.take(user, StrandTimers.current(exchange.request()))
			.flatMap((decision) -> handle(decision, exchange, exchange::handle));
	}

	private Mono<Void> handle(RateLimiter.Decision decision, LimitedExchange exchange, Supplier<Mono<Void>> next) {
		tell(decision, exchange.response());
		return decision.granted() ? next.get() : refuse(exchange, decision.retryAfter());
	}

	private Mono<Void> refuse(LimitedExchange exchange, @Nullable Duration retryAfter) {
		count(this.rate, LimitOutcome.RATE_LIMITED);
		return exchange.answer(LimitAnswer.RATE_LIMITED, retryAfter);
	}

	/**
	 * Says what is left as the draft of the IETF has it, in its eleventh version.
	 */
	private void tell(RateLimiter.Decision decision, ServerHttpResponse response) {
		LimitSettings.Rate rate = (this.rate != null) ? this.rate.settings().rate() : null;
		if (this.rate == null || rate == null || !rate.headers()) {
			return;
		}
		String name = this.rate.name().replaceAll("[^ -~]|[\"\\\\]", "_");
		HttpHeaders headers = response.getHeaders();
		long window = rate.period().toSeconds();
		headers.set("RateLimit-Policy",
				"\"%s\";q=%d".formatted(name, rate.permits()) + ((window > 0) ? ";w=" + window : ""));
		long seconds = decision.retryAfter().plusNanos(999_999_999).toSeconds();
		headers.set("RateLimit",
				"\"%s\";r=%d".formatted(name, decision.remaining()) + ((seconds > 0) ? ";t=" + seconds : ""));
	}

}
