package dev.loopline.layers;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * Sends a request a second time if its answer takes longer than those of others did,
 * while a {@link RetryBudget} has enough for it, and takes whichever answers first. How
 * long that is, is a percentile of the period before. Safe for use by many threads.
 *
 * @param <Q> the type of the requests
 * @param <A> the type of the answers
 */
public final class HedgeLayer<Q, A> implements Layer<Q, A> {

	private final Builder<Q, A> settings;

	private final LatencyHistogram latencies;

	private HedgeLayer(Builder<Q, A> settings) {
		this.settings = settings;
		this.latencies = new LatencyHistogram(settings.quantile, settings.minDataPoints,
				TimeUnit.NANOSECONDS.convert(settings.period), settings.clock);
	}

	/**
	 * Begins a layer.
	 * @param quantile how many requests are answered sooner than the second is sent, from
	 * 0 to 1 and neither of both
	 * @param budget what the second ones may cost
	 * @param <Q> the type of the requests
	 * @param <A> the type of the answers
	 * @return a builder
	 */
	public static <Q, A> Builder<Q, A> builder(double quantile, RetryBudget budget) {
		return new Builder<>(quantile, budget);
	}

	/**
	 * Returns after how long a request is sent a second time.
	 * @return the time, or {@code null} if there were too few in the period before
	 */
	public @Nullable Duration delay() {
		long nanos = this.latencies.percentile();
		return (nanos != LatencyHistogram.UNKNOWN) ? Duration.ofNanos(nanos) : null;
	}

	@Override
	public Service<Q, A> around(Service<Q, A> inner) {
		return (request) -> new Hedged(request, inner);
	}

	/**
	 * The answer to one request.
	 */
	private final class Hedged extends Mono<A> {

		private final Q request;

		private final Service<Q, A> inner;

		Hedged(Q request, Service<Q, A> inner) {
			this.request = request;
			this.inner = inner;
		}

		@Override
		public void subscribe(CoreSubscriber<? super A> actual) {
			HedgeLayer.this.settings.budget.deposit();
			Race<Q, A> race = new Race<>(HedgeLayer.this, this.request, this.inner, actual);
			actual.onSubscribe(race);
			race.begin();
		}

	}

	/**
	 * One subscription.
	 */
	private static final class Race<Q, A> implements Subscription {

		/*-
		 * Over once: whoever changes the word from open to over ends the request, and what comes later is let go of.
		 * The word counts besides who is on the way, so that an error ends the request only if nobody else is. A timer
		 * that finds nobody on the way sends nothing.
		 *
		 *   over | runners
		 */

		private static final int OVER = 1 << 8;

		@SuppressWarnings("rawtypes")
		private static final AtomicIntegerFieldUpdater<Race> STATE = AtomicIntegerFieldUpdater.newUpdater(Race.class,
				"state");

		private final HedgeLayer<Q, A> layer;

		private final Q request;

		private final Service<Q, A> inner;

		private final CoreSubscriber<? super A> actual;

		private final Runner first = new Runner(false);

		private final Runner second = new Runner(true);

		private volatile int state = 1;

		private volatile @Nullable Disposable timer;

		Race(HedgeLayer<Q, A> layer, Q request, Service<Q, A> inner, CoreSubscriber<? super A> actual) {
			this.layer = layer;
			this.request = request;
			this.inner = inner;
			this.actual = actual;
		}

		void begin() {
			if (isOver()) {
				return;
			}
			Duration delay = this.layer.settings.repeatable.test(this.request) ? this.layer.delay() : null;
			if (delay != null) {
				try {
					this.timer = this.layer.settings.timers.schedule(this::sendAgain, delay);
				}
				catch (RuntimeException ex) {
					this.first.onError(ex);
					return;
				}
			}
			this.first.start();
			if (isOver()) {
				disarm();
			}
		}

		private void sendAgain() {
			int state = this.state;
			if (state != 1) {
				return;
			}
			boolean enough = this.layer.settings.budget.withdraw();
			this.layer.settings.observer.accept(enough ? Hedge.SENT : Hedge.NO_BUDGET);
			if (enough && STATE.compareAndSet(this, 1, 2)) {
				this.second.start();
			}
		}

		private boolean isOver() {
			return (this.state & OVER) != 0;
		}

		/**
		 * Ends the request.
		 * @return {@code false} if it has ended
		 */
		private boolean end() {
			int state = this.state;
			while ((state & OVER) == 0) {
				if (STATE.compareAndSet(this, state, state | OVER)) {
					disarm();
					return true;
				}
				state = this.state;
			}
			return false;
		}

		/**
		 * Ends the request if nobody else is on the way.
		 */
		private boolean leave() {
			int state = this.state;
			while ((state & OVER) == 0) {
				int next = (state == 1) ? OVER : state - 1;
				if (STATE.compareAndSet(this, state, next)) {
					if (next == OVER) {
						disarm();
					}
					return next == OVER;
				}
				state = this.state;
			}
			return false;
		}

		private void disarm() {
			Disposable timer = this.timer;
			if (timer != null) {
				timer.dispose();
			}
		}

		@Override
		public void request(long n) {
			// There is one answer, and whoever asks for none gets it as well.
		}

		@Override
		public void cancel() {
			if (end()) {
				this.first.cancel();
				this.second.cancel();
			}
		}

		/**
		 * One of both attempts.
		 */
		private final class Runner extends Operators.DeferredSubscription implements CoreSubscriber<A> {

			private final boolean again;

			private volatile long startNanos;

			private volatile boolean started;

			Runner(boolean again) {
				this.again = again;
			}

			void start() {
				this.startNanos = Race.this.layer.settings.clock.getAsLong();
				this.started = true;
				if (isOver()) {
					return;
				}
				Services.call(Race.this.inner, Race.this.request).subscribe(this);
			}

			/**
			 * Lets go of the one that was slower. It took as long as this at least, which
			 * counts: else only those would that are fast.
			 */
			private void loses() {
				cancel();
				if (this.started) {
					took();
				}
			}

			private void took() {
				Race.this.layer.latencies.record(Race.this.layer.settings.clock.getAsLong() - this.startNanos);
			}

			private void wins() {
				took();
				if (this.again) {
					Race.this.layer.settings.observer.accept(Hedge.WON);
				}
				(this.again ? Race.this.first : Race.this.second).loses();
			}

			@Override
			public Context currentContext() {
				return Race.this.actual.currentContext();
			}

			@Override
			public void onSubscribe(Subscription subscription) {
				if (set(subscription)) {
					subscription.request(Long.MAX_VALUE);
				}
			}

			@Override
			public void onNext(A answer) {
				if (end()) {
					wins();
					Race.this.actual.onNext(answer);
					Race.this.actual.onComplete();
				}
				else {
					Race.this.layer.settings.discard.accept(answer);
				}
			}

			@Override
			public void onComplete() {
				if (end()) {
					wins();
					Race.this.actual.onComplete();
				}
			}

			@Override
			public void onError(Throwable ex) {
				if (leave()) {
					Race.this.actual.onError(ex);
				}
			}

		}

	}

	/**
	 * What became of a second request.
	 */
	public enum Hedge {

		/** It is sent. */
		SENT,

		/** It is not, for want of a budget. */
		NO_BUDGET,

		/** It was answered before the first. */
		WON

	}

	/**
	 * Builds a {@link HedgeLayer}.
	 *
	 * @param <Q> the type of the requests
	 * @param <A> the type of the answers
	 */
	public static final class Builder<Q, A> {

		private final double quantile;

		private final RetryBudget budget;

		private int minDataPoints = 100;

		private Duration period = Duration.ofSeconds(10);

		private Predicate<? super Q> repeatable = (request) -> true;

		private Consumer<? super A> discard = (answer) -> {
		};

		private Consumer<Hedge> observer = (hedge) -> {
		};

		private Timers timers = Timers.of(Schedulers.parallel());

		private LongSupplier clock = System::nanoTime;

		private Builder(double quantile, RetryBudget budget) {
			if (!(quantile > 0 && quantile < 1)) {
				throw new IllegalArgumentException("quantile must be between 0 and 1, but was " + quantile);
			}
			this.quantile = quantile;
			this.budget = Objects.requireNonNull(budget, "budget");
		}

		/**
		 * Says of what the percentile is one.
		 * @param minDataPoints how many answers a period must have had; at least 1
		 * @param period how long one is; must be positive
		 * @return this
		 */
		public Builder<Q, A> measured(int minDataPoints, Duration period) {
			if (minDataPoints < 1) {
				throw new IllegalArgumentException("minDataPoints must be at least 1, but was " + minDataPoints);
			}
			if (period.isNegative() || period.isZero()) {
				throw new IllegalArgumentException("period must be positive, but was " + period);
			}
			this.minDataPoints = minDataPoints;
			this.period = period;
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
		 * Says what becomes of answers that nobody gets to see.
		 * @param discard lets go of one
		 * @return this
		 */
		public Builder<Q, A> discard(Consumer<? super A> discard) {
			this.discard = Objects.requireNonNull(discard, "discard");
			return this;
		}

		/**
		 * Tells somebody of each request that takes too long.
		 * @param observer told what becomes of its second
		 * @return this
		 */
		public Builder<Q, A> onHedge(Consumer<Hedge> observer) {
			this.observer = Objects.requireNonNull(observer, "observer");
			return this;
		}

		/**
		 * Has other timers and another clock than Reactor's parallel scheduler.
		 * @param timers where second requests are sent from
		 * @param clock says nanoseconds since any time
		 * @return this
		 */
		public Builder<Q, A> on(Timers timers, LongSupplier clock) {
			this.timers = Objects.requireNonNull(timers, "timers");
			this.clock = Objects.requireNonNull(clock, "clock");
			return this;
		}

		/**
		 * Makes the layer.
		 * @return a new layer
		 */
		public HedgeLayer<Q, A> build() {
			return new HedgeLayer<>(this);
		}

	}

}
