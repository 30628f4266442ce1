package dev.loopline.layers;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import reactor.core.publisher.Mono;

import dev.loopline.layers.OverloadedException.Reason;

/**
 * Refuses requests by itself while their server refuses too many: of those that are
 * beyond K times what it has accepted in the last while, as many as there are more, by
 * chance. The others end with an {@link OverloadedException}. Safe for use by many
 * threads.
 *
 * @param <Q> the type of the requests
 * @param <A> the type of the answers
 */
public final class ThrottleLayer<Q, A> implements Layer<Q, A> {

	/*-
	 * The formula is that of Google's book on site reliability, "Handling Overload": with probability
	 *
	 *   max(0, (requests - K * accepts) / (requests + 1))
	 *
	 * once there were some. Requests count when they are attempted, those that are refused here, too: if not, a client whose server accepts
	 * nothing would let through half of its requests for ever, and more once their answers are late.
	 */

	/**
	 * Of fewer requests two or three that failed would say that their server refuses
	 * most.
	 */
	private static final int LEAST_REQUESTS = 20;

	/** What the book has. */
	private static final double K = 2;

	/** What the book has. */
	private static final Duration WINDOW = Duration.ofMinutes(2);

	private final double k;

	private final SlidingSum requests;

	private final SlidingSum accepts;

	private final Predicate<? super A> accepted;

	private final Predicate<? super Throwable> refusal;

	private final DoubleSupplier random;

	private ThrottleLayer(double k, SlidingSum requests, SlidingSum accepts, Predicate<? super A> accepted,
			Predicate<? super Throwable> refusal, DoubleSupplier random) {
		this.k = k;
		this.requests = requests;
		this.accepts = accepts;
		this.accepted = accepted;
		this.refusal = refusal;
		this.random = random;
	}

	/**
	 * Makes a layer with the constants of the book, 2 and two minutes, for which every
	 * answer is an acceptance and every error is none.
	 * @param <Q> the type of the requests
	 * @param <A> the type of the answers
	 * @return the layer
	 */
	public static <Q, A> ThrottleLayer<Q, A> ofDefaults() {
		return of(K, WINDOW, System::nanoTime, () -> ThreadLocalRandom.current().nextDouble());
	}

	/**
	 * Makes a layer for which every answer is an acceptance and every error is none.
	 * @param k how many times as many requests as were accepted are let through; at least
	 * 1
	 * @param window for how long a request counts; must be positive, and longer than
	 * requests take
	 * @param clock says nanoseconds since any time
	 * @param random from 0 to 1
	 * @param <Q> the type of the requests
	 * @param <A> the type of the answers
	 * @return the layer
	 */
	public static <Q, A> ThrottleLayer<Q, A> of(double k, Duration window, LongSupplier clock, DoubleSupplier random) {
		if (!(k >= 1 && k <= 1_000)) {
			throw new IllegalArgumentException("k must be from 1 to 1000, but was " + k);
		}
		if (window.isNegative() || window.isZero()) {
			throw new IllegalArgumentException("window must be positive, but was " + window);
		}
		long nanos = TimeUnit.NANOSECONDS.convert(window);
		return new ThrottleLayer<>(k, new SlidingSum(nanos, clock), new SlidingSum(nanos, clock), (answer) -> true,
				(error) -> true, Objects.requireNonNull(random, "random"));
	}

	/**
	 * Says what a server's refusal is.
	 * @param accepted whether an answer is none
	 * @param refusal whether an error is one
	 * @return a new layer with the same counts
	 */
	public ThrottleLayer<Q, A> refusedIf(Predicate<? super A> accepted, Predicate<? super Throwable> refusal) {
		return new ThrottleLayer<>(this.k, this.requests, this.accepts, Objects.requireNonNull(accepted, "accepted"),
				Objects.requireNonNull(refusal, "refusal"), this.random);
	}

	/**
	 * Returns with which probability the next request is refused here.
	 * @return from 0 to 1
	 */
	public double refusedShare() {
		long requests = this.requests.sum();
		if (requests < LEAST_REQUESTS) {
			return 0;
		}
		return Math.max(0, (requests - this.k * this.accepts.sum()) / (requests + 1));
	}

	@Override
	public Service<Q, A> around(Service<Q, A> inner) {
		return (request) -> Mono.defer(() -> {
			double share = refusedShare();
			this.requests.add(1);
			if (share > 0 && this.random.getAsDouble() < share) {
				return Mono.error(new OverloadedException(Reason.THROTTLED, Duration.ZERO));
			}
			return Services.call(inner, request)
				.doOnNext(this::answered)
				.doOnError(this::failed)
				.doOnCancel(this::forget);
		});
	}

	private void answered(A answer) {
		if (this.accepted.test(answer)) {
			this.accepts.add(1);
		}
	}

	/** Whoever left says nothing about the server. */
	private void forget() {
		this.requests.add(-1);
	}

	private void failed(Throwable error) {
		if (!this.refusal.test(error)) {
			this.accepts.add(1);
		}
	}

}
