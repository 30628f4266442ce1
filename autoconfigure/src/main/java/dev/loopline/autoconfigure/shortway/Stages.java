package dev.loopline.autoconfigure.shortway;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Fuseable.ScalarCallable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One thing after the other, each a publisher of at most one value, for a subscriber that
 * only waits for the end. Signals come one at a time, from any thread, and a cancellation
 * from any other.
 */
abstract class Stages implements Subscription {

	private static final AtomicReferenceFieldUpdater<Stages, @Nullable Subscription> CURRENT = AtomicReferenceFieldUpdater
		.newUpdater(Stages.class, Subscription.class, "current");

	final CoreSubscriber<? super Void> actual;

	private volatile @Nullable Subscription current;

	Stages(CoreSubscriber<? super Void> actual) {
		this.actual = actual;
	}

	/**
	 * Goes on with a value of a stage, or with null if it had none.
	 */
	abstract void proceed(int stage, @Nullable Object value);

	abstract void fail(int stage, Throwable failure);

	/**
	 * Begins a stage.
	 */
	final void subscribe(int stage, Mono<?> source, Context context) {
		if (source instanceof ScalarCallable<?> scalar) {
			Object value;
			try {
				value = scalar.call();
			}
			catch (Throwable ex) {
				fail(stage, errorOf(stage, ex));
				return;
			}
			proceed(stage, value);
			return;
		}
		subscribe(source, new Stage(this, stage, context));
	}

	/**
	 * Begins a stage with another subscriber than for the others.
	 */
	@SuppressWarnings("unchecked")
	static void subscribe(Mono<?> source, Stage subscriber) {
		try {
			((Mono<Object>) source).subscribe((CoreSubscriber<Object>) subscriber);
		}
		catch (Throwable ex) {
			Operators.reportThrowInSubscribe(subscriber, ex);
		}
	}

	/**
	 * Returns what a publisher signals that throws this when it is called: an exception
	 * as it is, an error without what it was wrapped in.
	 */
	Throwable errorOf(int stage, Throwable thrown) {
		Throwable unwrapped = Exceptions.unwrap(thrown);
		return (unwrapped instanceof Error) ? unwrapped : thrown;
	}

	/**
	 * Returns what a cancellation would reach now: the last stage that was subscribed to.
	 */
	final @Nullable Subscription current() {
		return this.current;
	}

	/**
	 * Cancels the stage whose value has come, as Reactor's {@code next} does.
	 */
	final void cancelStage() {
		Subscription stage = this.current;
		if (stage != null && stage != Operators.cancelledSubscription()
				&& CURRENT.compareAndSet(this, stage, Operators.emptySubscription())) {
			stage.cancel();
		}
	}

	/**
	 * Lets no cancellation reach the stage that has ended. Without it, one does, as in
	 * Reactor's {@code flatMap}; with it, as in its {@code then}.
	 */
	final void forgetStage() {
		Operators.replace(CURRENT, this, Operators.emptySubscription());
	}

	final boolean isCancelled() {
		return this.current == Operators.cancelledSubscription();
	}

	@Override
	public final void request(long n) {
		// There are no values
	}

	@Override
	public void cancel() {
		Subscription last = CURRENT.getAndSet(this, Operators.cancelledSubscription());
		if (last != Operators.cancelledSubscription()) {
			cancelEnded(last);
			if (last != null) {
				last.cancel();
			}
		}
	}

	/**
	 * Cancels earlier stages, which have ended.
	 * @param last the stage that is cancelled after them
	 */
	void cancelEnded(@Nullable Subscription last) {
	}

	/**
	 * Subscribes to one stage and ends with its first signal.
	 */
	static class Stage implements CoreSubscriber<Object> {

		final Stages stages;

		final int stage;

		final Context context;

		boolean done;

		Stage(Stages stages, int stage, Context context) {
			this.stages = stages;
			this.stage = stage;
			this.context = context;
		}

		@Override
		public Context currentContext() {
			return this.context;
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			if (Operators.replace(CURRENT, this.stages, subscription)) {
				subscription.request(Long.MAX_VALUE);
			}
		}

		@Override
		public void onNext(Object value) {
			if (this.done) {
				Operators.onNextDropped(value, this.context);
				return;
			}
			this.done = true;
			this.stages.proceed(this.stage, value);
		}

		@Override
		public void onError(Throwable failure) {
			if (this.done) {
				Operators.onErrorDropped(failure, this.context);
				return;
			}
			this.done = true;
			this.stages.fail(this.stage, failure);
		}

		@Override
		public void onComplete() {
			if (!this.done) {
				this.done = true;
				this.stages.proceed(this.stage, null);
			}
		}

	}

}
