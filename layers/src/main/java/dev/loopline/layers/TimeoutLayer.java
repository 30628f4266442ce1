package dev.loopline.layers;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BiFunction;
import java.util.function.Function;
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
import reactor.util.context.ContextView;

/**
 * Gives a request up that is not answered in time: it is cancelled, and ends with a
 * {@link LayerTimeoutException}. The time runs from the subscription on, so what waits
 * inside of this layer waits within it, and it ends even if the service keeps the thread
 * that called it. It is the {@link Deadline} of all that is inside. Immutable.
 *
 * @param <Q> the type of the requests
 * @param <A> the type of the answers
 */
public final class TimeoutLayer<Q, A> implements Layer<Q, A> {

	private final BiFunction<? super Q, ? super ContextView, @Nullable Deadline> deadlines;

	/** Of all requests, or {@code null} if each has its own. */
	private final @Nullable Duration timeout;

	private final Function<? super Q, ? extends Timers> timers;

	private final Predicate<? super Q> begun;

	private TimeoutLayer(BiFunction<? super Q, ? super ContextView, @Nullable Deadline> deadlines,
			@Nullable Duration timeout, Function<? super Q, ? extends Timers> timers, Predicate<? super Q> begun) {
		this.deadlines = deadlines;
		this.timeout = timeout;
		this.timers = timers;
		this.begun = begun;
	}

	/**
	 * Makes a layer with the timers of Reactor's parallel scheduler.
	 * @param timeout the longest time; must be positive
	 * @param <Q> the type of the requests
	 * @param <A> the type of the answers
	 * @return the layer
	 */
	public static <Q, A> TimeoutLayer<Q, A> of(Duration timeout) {
		return of(timeout, System::nanoTime);
	}

	/**
	 * Makes a layer whose deadlines have another clock.
	 * @param timeout the longest time; must be positive
	 * @param clock says nanoseconds since any time
	 * @param <Q> the type of the requests
	 * @param <A> the type of the answers
	 * @return the layer
	 */
	public static <Q, A> TimeoutLayer<Q, A> of(Duration timeout, LongSupplier clock) {
		if (timeout.isNegative() || timeout.isZero()) {
			throw new IllegalArgumentException("timeout must be positive, but was " + timeout);
		}
		return new TimeoutLayer<>((request, context) -> Deadline.after(timeout, clock), timeout,
				(request) -> Timers.of(Schedulers.parallel()), (request) -> false);
	}

	/**
	 * Makes a layer that gives each request the time that it has, such as that of
	 * {@link Deadline#of}. One whose deadline has passed does not reach the service.
	 * @param deadlines those of a request and of its subscriber's context; {@code null}
	 * is none
	 * @param <Q> the type of the requests
	 * @param <A> the type of the answers
	 * @return the layer
	 */
	public static <Q, A> TimeoutLayer<Q, A> until(
			BiFunction<? super Q, ? super ContextView, @Nullable Deadline> deadlines) {
		return new TimeoutLayer<>(Objects.requireNonNull(deadlines, "deadlines"), null,
				(request) -> Timers.of(Schedulers.parallel()), (request) -> false);
	}

	/**
	 * Has other timers. They must not run on a thread that the service keeps.
	 * @param timers those of a request
	 * @return a new layer
	 */
	public TimeoutLayer<Q, A> on(Function<? super Q, ? extends Timers> timers) {
		return new TimeoutLayer<>(this.deadlines, this.timeout, Objects.requireNonNull(timers, "timers"), this.begun);
	}

	/**
	 * Lets go on whose answer has begun.
	 * @param begun asked once when the time is over; whether the request must not be
	 * given up any more
	 * @return a new layer
	 */
	public TimeoutLayer<Q, A> unless(Predicate<? super Q> begun) {
		return new TimeoutLayer<>(this.deadlines, this.timeout, this.timers, Objects.requireNonNull(begun, "begun"));
	}

	@Override
	public Service<Q, A> around(Service<Q, A> inner) {
		return (request) -> new Timed(request, inner);
	}

	/**
	 * The answer to one request.
	 */
	private final class Timed extends Mono<A> {

		private final Q request;

		private final Service<Q, A> inner;

		Timed(Q request, Service<Q, A> inner) {
			this.request = request;
			this.inner = inner;
		}

		@Override
		public void subscribe(CoreSubscriber<? super A> actual) {
			Deadline deadline = TimeoutLayer.this.deadlines.apply(this.request, actual.currentContext());
			if (deadline == null) {
				Services.call(this.inner, this.request).subscribe(actual);
				return;
			}
			Attempt<A> attempt = new Attempt<>(actual, deadline.storeIn(actual.currentContext()));
			actual.onSubscribe(attempt);
			if (attempt.isOver()) {
				return;
			}
			Duration time = (TimeoutLayer.this.timeout != null) ? TimeoutLayer.this.timeout : deadline.remaining();
			if (time.isZero()) {
				attempt.onError(new LayerTimeoutException(null));
				return;
			}
			try {
				attempt.timer = TimeoutLayer.this.timers.apply(this.request).schedule(() -> giveUp(attempt), time);
			}
			catch (RuntimeException ex) {
				attempt.onError(ex);
				return;
			}
			Services.call(this.inner, this.request).subscribe(attempt);
		}

		private void giveUp(Attempt<A> attempt) {
			if (!attempt.isOver() && !TimeoutLayer.this.begun.test(this.request) && attempt.end()) {
				attempt.cancelInner();
				attempt.actual.onError(new LayerTimeoutException(TimeoutLayer.this.timeout));
			}
		}

	}

	/**
	 * One subscription, which ends once: with the answer, with the time, or cancelled.
	 */
	private static final class Attempt<A> extends Operators.DeferredSubscription implements CoreSubscriber<A> {

		@SuppressWarnings("rawtypes")
		private static final AtomicIntegerFieldUpdater<Attempt> OVER = AtomicIntegerFieldUpdater
			.newUpdater(Attempt.class, "over");

		private final CoreSubscriber<? super A> actual;

		private final Context context;

		private volatile int over;

		/** Written before the service is called. */
		private @Nullable Disposable timer;

		Attempt(CoreSubscriber<? super A> actual, Context context) {
			this.actual = actual;
			this.context = context;
		}

		boolean isOver() {
			return this.over != 0;
		}

		boolean end() {
			return OVER.compareAndSet(this, 0, 1);
		}

		void cancelInner() {
			super.cancel();
		}

		private boolean endInTime() {
			if (!end()) {
				return false;
			}
			Disposable timer = this.timer;
			if (timer != null) {
				timer.dispose();
			}
			return true;
		}

		@Override
		public void cancel() {
			if (endInTime()) {
				super.cancel();
			}
		}

		@Override
		public Context currentContext() {
			return this.context;
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			set(subscription);
		}

		@Override
		public void onNext(A answer) {
			if (endInTime()) {
				this.actual.onNext(answer);
				this.actual.onComplete();
			}
			else {
				Operators.onDiscard(answer, currentContext());
			}
		}

		@Override
		public void onError(Throwable ex) {
			if (endInTime()) {
				this.actual.onError(ex);
			}
			else if (!(ex instanceof LayerTimeoutException)) { // two layers gave it up at
																// once
				Operators.onErrorDropped(ex, currentContext());
			}
		}

		@Override
		public void onComplete() {
			if (endInTime()) {
				this.actual.onComplete();
			}
		}

	}

}
