package dev.loopline.layers;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * Sends a request again that has failed, after a pause, while a {@link RetryBudget} has
 * enough for it. A request that is not sent again ends as the last attempt did. Safe for
 * use by many threads.
 *
 * @param <Q> the type of the requests
 * @param <A> the type of the answers
 */
public final class RetryLayer<Q, A> implements Layer<Q, A> {

	private final Builder<Q, A> settings;

	private RetryLayer(Builder<Q, A> settings) {
		this.settings = settings;
	}

	/**
	 * Begins a layer that sends a request again for any error.
	 * @param budget what it may cost
	 * @param maxAttempts how often a request is sent at most; at least 2
	 * @param <Q> the type of the requests
	 * @param <A> the type of the answers
	 * @return a builder
	 */
	public static <Q, A> Builder<Q, A> builder(RetryBudget budget, int maxAttempts) {
		return new Builder<>(budget, maxAttempts);
	}

	@Override
	public Service<Q, A> around(Service<Q, A> inner) {
		return (request) -> Mono.deferContextual((context) -> {
			this.settings.budget.deposit();
			return this.settings.repeatable.test(request)
					? new Attempts(inner, request, Deadline.of(context).orElse(null)).next(0)
					: Services.call(inner, request);
		});
	}

	/**
	 * Those of one request. Nothing of Reactor's ends an attempt whose answer may yet be
	 * the last: to cancel it then would release its body.
	 */
	private final class Attempts {

		private final Service<Q, A> inner;

		private final Q request;

		private final @Nullable Deadline deadline;

		Attempts(Service<Q, A> inner, Q request, @Nullable Deadline deadline) {
			this.inner = inner;
			this.request = request;
			this.deadline = deadline;
		}

		Mono<A> next(int before) {
			return Services.call(this.inner, this.request).materialize().flatMap((end) -> ended(end, before));
		}

		private Mono<A> ended(Signal<A> end, int before) {
			Builder<Q, A> settings = RetryLayer.this.settings;
			A answer = end.get();
			Throwable error = end.getThrowable();
			boolean bad = (error != null) ? settings.retryable.test(error)
					: answer != null && settings.failed.test(answer);
			Duration asked = (bad && answer != null) ? settings.retryAfter.apply(answer) : null;
			Duration pause = (asked != null && !asked.isNegative()) ? asked : Duration.ZERO;
			if (!bad || before + 1 >= settings.maxAttempts || !isTimeFor(pause) || !isWorthIt()) {
				return (answer != null) ? Mono.just(answer) : (error != null) ? Mono.error(error) : Mono.empty();
			}
			if (answer != null) {
				settings.discard.accept(answer);
			}
			return settings.pause(before, pause).then(Mono.defer(() -> next(before + 1)));
		}

		private boolean isTimeFor(Duration pause) {
			return this.deadline == null || this.deadline.remaining().compareTo(pause) > 0;
		}

		private boolean isWorthIt() {
			boolean enough = RetryLayer.this.settings.budget.withdraw();
			RetryLayer.this.settings.observer.accept(enough);
			return enough;
		}

	}

	/**
	 * What Reactor's back-off has to know.
	 */
	private record Retried(long totalRetries) implements Retry.RetrySignal {

		private static final Throwable FAILURE = new IllegalStateException();

		@Override
		public long totalRetriesInARow() {
			return this.totalRetries;
		}

		@Override
		public Throwable failure() {
			return FAILURE;
		}

	}

	/**
	 * Builds a {@link RetryLayer}.
	 *
	 * @param <Q> the type of the requests
	 * @param <A> the type of the answers
	 */
	public static final class Builder<Q, A> {

		private final RetryBudget budget;

		private final int maxAttempts;

		private Duration minBackoff = Duration.ofMillis(50); // Tower's

		private Duration maxBackoff = Duration.ofSeconds(1);

		private Predicate<? super Q> repeatable = (request) -> true;

		private Predicate<? super Throwable> retryable = (error) -> true;

		private Predicate<? super A> failed = (answer) -> false;

		private Function<? super A, @Nullable Duration> retryAfter = (answer) -> null;

		private Consumer<? super A> discard = (answer) -> {
		};

		private Consumer<Boolean> observer = (sent) -> {
		};

		private Scheduler scheduler = Schedulers.parallel();

		private Builder(RetryBudget budget, int maxAttempts) {
			if (maxAttempts < 2) {
				throw new IllegalArgumentException("maxAttempts must be at least 2, but was " + maxAttempts);
			}
			this.budget = Objects.requireNonNull(budget, "budget");
			this.maxAttempts = maxAttempts;
		}

		/**
		 * Sets how long the pause before a retry is: it doubles each time, less or more a
		 * half by chance.
		 * @param min the first; must not be negative
		 * @param max the longest; at least as long
		 * @return this
		 */
		public Builder<Q, A> backoff(Duration min, Duration max) {
			if (min.isNegative() || max.compareTo(min) < 0) {
				throw new IllegalArgumentException("back-off must not be negative nor go down: " + min + ", " + max);
			}
			this.minBackoff = min;
			this.maxBackoff = max;
			return this;
		}

		/**
		 * Says which requests may be sent twice.
		 * @param repeatable whether it does no harm
		 * @return this
		 */
		public Builder<Q, A> onlyIf(Predicate<? super Q> repeatable) {
			this.repeatable = Objects.requireNonNull(repeatable, "repeatable");
			return this;
		}

		/**
		 * Says which errors may not happen the next time.
		 * @param retryable whether a retry makes sense
		 * @return this
		 */
		public Builder<Q, A> onError(Predicate<? super Throwable> retryable) {
			this.retryable = Objects.requireNonNull(retryable, "retryable");
			return this;
		}

		/**
		 * Says which answers are as bad as an error.
		 * @param failed whether a retry makes sense
		 * @param retryAfter how long the server asks to wait, if it does
		 * @param discard lets go of an answer that nobody gets to see
		 * @return this
		 */
		public Builder<Q, A> onAnswer(Predicate<? super A> failed, Function<? super A, @Nullable Duration> retryAfter,
				Consumer<? super A> discard) {
			this.failed = Objects.requireNonNull(failed, "failed");
			this.retryAfter = Objects.requireNonNull(retryAfter, "retryAfter");
			this.discard = Objects.requireNonNull(discard, "discard");
			return this;
		}

		/**
		 * Tells somebody of each retry that makes sense.
		 * @param observer told whether the budget had enough for it
		 * @return this
		 */
		public Builder<Q, A> onRetry(Consumer<Boolean> observer) {
			this.observer = Objects.requireNonNull(observer, "observer");
			return this;
		}

		/**
		 * Has pauses elsewhere than on Reactor's parallel scheduler.
		 * @param scheduler the scheduler
		 * @return this
		 */
		public Builder<Q, A> on(Scheduler scheduler) {
			this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
			return this;
		}

		/**
		 * Waits before a retry.
		 * @param before how many there were
		 * @param atLeast waited for besides
		 */
		private Mono<?> pause(int before, Duration atLeast) {
			Mono<?> backoff = Mono.from(Retry.backoff(Long.MAX_VALUE, this.minBackoff)
				.maxBackoff(this.maxBackoff)
				.scheduler(this.scheduler)
				.generateCompanion(Flux.just(new Retried(before))));
			return atLeast.isZero() ? backoff : Mono.delay(atLeast, this.scheduler).then(backoff);
		}

		/**
		 * Makes the layer.
		 * @return a new layer
		 */
		public RetryLayer<Q, A> build() {
			return new RetryLayer<>(this);
		}

	}

}
