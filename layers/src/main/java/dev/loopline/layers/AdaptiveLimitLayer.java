package dev.loopline.layers;

import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Lets as many requests be served at a time as their server takes, which it learns from
 * how long they take; the others end with an {@link OverloadedException}. Safe for use by
 * many threads.
 *
 * @param <Q> the type of the requests
 * @param <A> the type of the answers
 */
public final class AdaptiveLimitLayer<Q, A> implements Layer<Q, A> {

	private final ConcurrencyLimitLayer<Q, A> layer;

	private final AdaptiveLimit limit;

	private final LongSupplier clock;

	private final Predicate<? super A> refusal;

	private final Predicate<? super Throwable> refusalError;

	private AdaptiveLimitLayer(ConcurrencyLimitLayer<Q, A> layer, AdaptiveLimit limit, LongSupplier clock,
			Predicate<? super A> refusal, Predicate<? super Throwable> refusalError) {
		this.layer = layer;
		this.limit = limit;
		this.clock = clock;
		this.refusal = refusal;
		this.refusalError = refusalError;
	}

	/**
	 * Makes a layer for which every error says that the server has too much, and no
	 * answer does.
	 * @param min how many may always be served; at least 1
	 * @param initial how many at first; from min to max
	 * @param max how many at most
	 * @param clock says nanoseconds since any time
	 * @param <Q> the type of the requests
	 * @param <A> the type of the answers
	 * @return the layer
	 */
	public static <Q, A> AdaptiveLimitLayer<Q, A> of(int min, int initial, int max, LongSupplier clock) {
		if (min < 1 || initial < min || max < initial) {
			throw new IllegalArgumentException(
					"must be 1 <= min <= initial <= max, but were %d, %d, %d".formatted(min, initial, max));
		}
		ConcurrencyLimitLayer<Q, A> layer = ConcurrencyLimitLayer.of(initial);
		AdaptiveLimit limit = new AdaptiveLimit(min, initial, max, clock.getAsLong(), layer::resize);
		return new AdaptiveLimitLayer<>(layer, limit, Objects.requireNonNull(clock, "clock"), (answer) -> false,
				(error) -> true);
	}

	/**
	 * Says how a server shows that it has too much.
	 * @param answer whether an answer does
	 * @param error whether an error does
	 * @return a new layer with the same limit
	 */
	public AdaptiveLimitLayer<Q, A> refusedIf(Predicate<? super A> answer, Predicate<? super Throwable> error) {
		return new AdaptiveLimitLayer<>(this.layer, this.limit, this.clock, Objects.requireNonNull(answer, "answer"),
				Objects.requireNonNull(error, "error"));
	}

	/**
	 * Returns how many requests may be served at a time.
	 * @return the number in force
	 */
	public int maxConcurrent() {
		return this.layer.maxConcurrent();
	}

	/**
	 * Returns how many requests are served.
	 * @return the number now
	 */
	public int inFlight() {
		return this.layer.inFlight();
	}

	@Override
	public Service<Q, A> around(Service<Q, A> inner) {
		return this.layer.around((request) -> {
			long start = this.clock.getAsLong();
			int inFlight = this.layer.inFlight();
			return Services.call(inner, request)
				.doOnNext((answer) -> sample(start, inFlight, this.refusal.test(answer)))
				.doOnError((error) -> failed(start, inFlight, error));
		});
	}

	/** How long an error takes says nothing of how long answers do. */
	private void failed(long start, int inFlight, Throwable error) {
		if (this.refusalError.test(error)) {
			sample(start, inFlight, true);
		}
	}

	private void sample(long start, int inFlight, boolean refused) {
		long now = this.clock.getAsLong();
		this.limit.sample(now, now - start, inFlight, refused);
	}

}
