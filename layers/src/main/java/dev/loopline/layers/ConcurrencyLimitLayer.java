package dev.loopline.layers;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

import dev.loopline.layers.ConcurrencyLimiter.Entry;
import dev.loopline.layers.OverloadedException.Reason;

/**
 * Lets only so many requests be served at a time, and only so many wait for that, each
 * for so long; the others end with an {@link OverloadedException}. No thread waits. First
 * come, first served, and last come, first served once the first has waited for more than
 * half of its time. A request counts until its answer is complete, has failed or was
 * cancelled. One that was cancelled while it waited is never started. Safe for use by
 * many threads.
 *
 * @param <Q> the type of the requests
 * @param <A> the type of the answers
 */
public final class ConcurrencyLimitLayer<Q, A> implements Layer<Q, A> {

	private final ConcurrencyLimiter limiter;

	private final boolean queues;

	private final Duration maxWait;

	private final Function<? super Q, ? extends Timers> timers;

	private final BiConsumer<? super Q, Runnable> afterCancel;

	private ConcurrencyLimitLayer(Builder<Q, A> builder) {
		this.limiter = new ConcurrencyLimiter(builder.maxConcurrent, builder.maxQueue,
				TimeUnit.NANOSECONDS.convert(builder.maxWait) / 2, builder.clock);
		this.queues = builder.maxQueue > 0;
		this.maxWait = builder.maxWait;
		this.timers = builder.timers;
		this.afterCancel = builder.afterCancel;
	}

	/**
	 * Makes a layer without a queue.
	 * @param maxConcurrent how many requests may be served at a time; at least 1
	 * @param <Q> the type of the requests
	 * @param <A> the type of the answers
	 * @return the layer
	 */
	public static <Q, A> ConcurrencyLimitLayer<Q, A> of(int maxConcurrent) {
		return ConcurrencyLimitLayer.<Q, A>builder(maxConcurrent).build();
	}

	/**
	 * Begins a layer.
	 * @param maxConcurrent how many requests may be served at a time; at least 1
	 * @param <Q> the type of the requests
	 * @param <A> the type of the answers
	 * @return a builder
	 */
	public static <Q, A> Builder<Q, A> builder(int maxConcurrent) {
		return new Builder<>(maxConcurrent);
	}

	/**
	 * Changes how many requests may be served at a time. Those that wait begin if there
	 * is room now; those that are served go on if there is none.
	 * @param maxConcurrent how many; at least 1
	 */
	public void resize(int maxConcurrent) {
		requireAtLeastOne(maxConcurrent);
		this.limiter.resize(maxConcurrent);
	}

	/**
	 * Returns how many requests may be served at a time.
	 * @return the number in force
	 */
	public int maxConcurrent() {
		return this.limiter.permits();
	}

	private static void requireAtLeastOne(int maxConcurrent) {
		if (maxConcurrent < 1) {
			throw new IllegalArgumentException("maxConcurrent must be at least 1, but was " + maxConcurrent);
		}
	}

	/**
	 * Returns how many requests are served.
	 * @return the number now
	 */
	public int inFlight() {
		return this.limiter.inFlight();
	}

	/**
	 * Returns how many requests wait.
	 * @return the number now
	 */
	public int queued() {
		return this.limiter.waiting();
	}

	@Override
	public Service<Q, A> around(Service<Q, A> inner) {
		return (request) -> new Limited(request, inner);
	}

	/**
	 * The answer to one request.
	 */
	private final class Limited extends Mono<A> {

		private final Q request;

		private final Service<Q, A> inner;

		Limited(Q request, Service<Q, A> inner) {
			this.request = request;
			this.inner = inner;
		}

		@Override
		public void subscribe(CoreSubscriber<? super A> actual) {
			Attempt<Q, A> attempt = new Attempt<>(ConcurrencyLimitLayer.this, this.request, this.inner, actual);
			actual.onSubscribe(attempt);
			attempt.enter();
		}

	}

	/**
	 * One subscription.
	 */
	private static final class Attempt<Q, A> extends Operators.DeferredSubscription implements CoreSubscriber<A> {

		/*-
		 *   BEFORE --> STARTING --> STARTED --> ENDED
		 *     |           |  '----------------->  ^
		 *     |           '------> CANCELLED      |
		 *     '-----------------------------------'
		 *
		 * Who makes the step from STARTING or STARTED to ENDED gives the permit back. Who is cancelled while the service
		 * is being called, on another thread, counts until that returns: who calls it finds CANCELLED then, and gives it
		 * back. Who is granted a permit and finds that BEFORE is over does so, too. So as many come back as were taken.
		 */

		private static final int BEFORE = 0;

		private static final int STARTING = 1;

		private static final int STARTED = 2;

		private static final int ENDED = 3;

		private static final int CANCELLED = 4;

		@SuppressWarnings("rawtypes")
		private static final AtomicIntegerFieldUpdater<Attempt> STATE = AtomicIntegerFieldUpdater
			.newUpdater(Attempt.class, "state");

		private final ConcurrencyLimitLayer<Q, A> layer;

		private final Q request;

		private final Service<Q, A> inner;

		private final CoreSubscriber<? super A> actual;

		private volatile int state;

		private volatile @Nullable Turn turn;

		Attempt(ConcurrencyLimitLayer<Q, A> layer, Q request, Service<Q, A> inner, CoreSubscriber<? super A> actual) {
			this.layer = layer;
			this.request = request;
			this.inner = inner;
			this.actual = actual;
		}

		void enter() {
			if (this.state == ENDED) {
				return;
			}
			if (limiter().tryEnter()) {
				start();
			}
			else if (this.layer.queues) {
				getIntoLine();
			}
			else {
				refuse(Reason.QUEUE_FULL);
			}
		}

		private void getIntoLine() {
			Turn turn = new Turn();
			this.turn = turn;
			Entry entry = limiter().enter(turn);
			if (entry == Entry.GRANTED) {
				start();
			}
			else if (entry == Entry.REFUSED) {
				refuse(Reason.QUEUE_FULL);
			}
			else if (this.state == ENDED) {
				limiter().leave(turn); // it was cancelled before it was in line
			}
			else {
				turn.arm();
			}
		}

		private void refuse(Reason reason) {
			if (step(BEFORE, ENDED)) {
				this.actual.onError(new OverloadedException(reason, this.layer.maxWait));
			}
		}

		/**
		 * Calls the service. To be called with a permit.
		 */
		private void start() {
			if (!step(BEFORE, STARTING)) {
				limiter().release();
				return;
			}
			try {
				Services.call(this.inner, this.request).subscribe(this);
			}
			catch (Throwable ex) {
				end(); // fatal: Reactor lets nobody but the caller know
				throw ex;
			}
			finally {
				if (!step(STARTING, STARTED) && this.state == CANCELLED) {
					releaseAfterCancel();
				}
			}
		}

		private void releaseAfterCancel() {
			this.layer.afterCancel.accept(this.request, limiter()::release);
		}

		private boolean end() {
			if (!step(STARTING, ENDED) && !step(STARTED, ENDED)) {
				return false;
			}
			limiter().release();
			return true;
		}

		private boolean step(int from, int to) {
			return STATE.compareAndSet(this, from, to);
		}

		private ConcurrencyLimiter limiter() {
			return this.layer.limiter;
		}

		@Override
		public void cancel() {
			if (step(BEFORE, ENDED)) {
				Turn turn = this.turn;
				if (turn != null) {
					turn.leave();
				}
			}
			else if (step(STARTING, CANCELLED)) {
				super.cancel();
			}
			else if (step(STARTED, ENDED)) {
				super.cancel();
				releaseAfterCancel();
			}
		}

		@Override
		public Context currentContext() {
			return this.actual.currentContext();
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			set(subscription);
		}

		@Override
		public void onNext(A answer) {
			this.actual.onNext(answer);
		}

		@Override
		public void onError(Throwable ex) {
			if (end()) {
				this.actual.onError(ex);
			}
			else if (!(ex instanceof LayerTimeoutException)) { // two layers gave it up at
																// once
				Operators.onErrorDropped(ex, currentContext());
			}
		}

		@Override
		public void onComplete() {
			if (end()) {
				this.actual.onComplete();
			}
		}

		/**
		 * A place in the line.
		 */
		private final class Turn extends ConcurrencyLimiter.Waiter {

			private volatile @Nullable Disposable timer;

			void arm() {
				try {
					this.timer = timers().schedule(this::waitedTooLong, Attempt.this.layer.maxWait);
				}
				catch (RuntimeException ex) {
					fail(ex);
				}
				if (Attempt.this.state != BEFORE) {
					disarm(); // it has begun, or was cancelled, meanwhile
				}
			}

			private void waitedTooLong() {
				if (limiter().leave(this)) {
					refuse(Reason.WAITED_TOO_LONG);
				}
			}

			private void fail(RuntimeException ex) {
				if (limiter().leave(this) && step(BEFORE, ENDED)) {
					Attempt.this.actual.onError(ex);
				}
			}

			boolean leave() {
				disarm();
				return limiter().leave(this);
			}

			private void disarm() {
				Disposable timer = this.timer;
				if (timer != null) {
					timer.dispose();
				}
			}

			/**
			 * Not on this thread, which is somebody else's.
			 */
			@Override
			void granted() {
				try {
					timers().execute(this::begin);
				}
				catch (RuntimeException ex) {
					limiter().release();
					if (step(BEFORE, ENDED)) {
						Attempt.this.actual.onError(ex);
					}
				}
			}

			private void begin() {
				disarm();
				start();
			}

			private Timers timers() {
				return Attempt.this.layer.timers.apply(Attempt.this.request);
			}

		}

	}

	/**
	 * Builds a {@link ConcurrencyLimitLayer}.
	 *
	 * @param <Q> the type of the requests
	 * @param <A> the type of the answers
	 */
	public static final class Builder<Q, A> {

		private final int maxConcurrent;

		private int maxQueue;

		private Duration maxWait = Duration.ZERO;

		private Function<? super Q, ? extends Timers> timers = (request) -> Timers.of(Schedulers.parallel());

		private LongSupplier clock = System::nanoTime;

		private BiConsumer<? super Q, Runnable> afterCancel = (request, release) -> release.run();

		private Builder(int maxConcurrent) {
			requireAtLeastOne(maxConcurrent);
			this.maxConcurrent = maxConcurrent;
		}

		/**
		 * Lets requests wait.
		 * @param maxQueue how many; at least 0
		 * @param maxWait for how long; must be positive
		 * @return this
		 */
		public Builder<Q, A> queue(int maxQueue, Duration maxWait) {
			if (maxQueue < 0) {
				throw new IllegalArgumentException("maxQueue must not be negative, but was " + maxQueue);
			}
			if (maxWait.isNegative() || maxWait.isZero()) {
				throw new IllegalArgumentException("maxWait must be positive, but was " + maxWait);
			}
			this.maxQueue = maxQueue;
			this.maxWait = maxWait;
			return this;
		}

		/**
		 * Has requests that have waited begin elsewhere than on Reactor's parallel
		 * scheduler, and their timers.
		 * @param timers those of a request
		 * @return this
		 */
		public Builder<Q, A> on(Function<? super Q, ? extends Timers> timers) {
			this.timers = Objects.requireNonNull(timers, "timers");
			return this;
		}

		/**
		 * Has another clock.
		 * @param clock says nanoseconds since any time
		 * @return this
		 */
		public Builder<Q, A> clock(LongSupplier clock) {
			this.clock = Objects.requireNonNull(clock, "clock");
			return this;
		}

		/**
		 * Lets a request count that was cancelled until it has really ended: somebody may
		 * still work at it.
		 * @param afterCancel called with the request, and with what it must run once
		 * @return this
		 */
		public Builder<Q, A> afterCancel(BiConsumer<? super Q, Runnable> afterCancel) {
			this.afterCancel = Objects.requireNonNull(afterCancel, "afterCancel");
			return this;
		}

		/**
		 * Makes the layer.
		 * @return a new layer
		 */
		public ConcurrencyLimitLayer<Q, A> build() {
			return new ConcurrencyLimitLayer<>(this);
		}

	}

}
