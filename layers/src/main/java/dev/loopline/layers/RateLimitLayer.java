package dev.loopline.layers;

import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;

import reactor.core.publisher.Mono;

/**
 * Lets requests pass at a rate, that of each key for itself; the others end with a
 * {@link RateLimitedException} at once. Safe for use by many threads.
 *
 * @param <Q> the type of the requests
 * @param <A> the type of the answers
 */
public final class RateLimitLayer<Q, A> implements Layer<Q, A> {

	private final RateLimiter limiter;

	private final Function<? super Q, ?> key;

	private final BiConsumer<? super Q, RateLimiter.Decision> observer;

	/**
	 * Creates a layer.
	 * @param limiter has the permits
	 * @param key what has a bucket for its own, of a request
	 */
	public RateLimitLayer(RateLimiter limiter, Function<? super Q, ?> key) {
		this(limiter, key, (request, decision) -> {
		});
	}

	private RateLimitLayer(RateLimiter limiter, Function<? super Q, ?> key,
			BiConsumer<? super Q, RateLimiter.Decision> observer) {
		this.limiter = Objects.requireNonNull(limiter, "limiter");
		this.key = Objects.requireNonNull(key, "key");
		this.observer = Objects.requireNonNull(observer, "observer");
	}

	/**
	 * Tells somebody of each decision.
	 * @param observer called with the request before it goes on or fails
	 * @return a new layer with the same permits
	 */
	public RateLimitLayer<Q, A> onDecision(BiConsumer<? super Q, RateLimiter.Decision> observer) {
		return new RateLimitLayer<>(this.limiter, this.key, observer);
	}

	@Override
	public Service<Q, A> around(Service<Q, A> inner) {
		return (request) -> Mono.defer(() -> {
			RateLimiter.Decision decision = this.limiter.take(this.key.apply(request));
			this.observer.accept(request, decision);
			return decision.granted() ? inner.call(request)
					: Mono.error(new RateLimitedException(decision.retryAfter()));
		});
	}

}
