package dev.loopline.autoconfigure.shortway;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
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
	@SuppressWarnings("unchecked")
	final void subscribe(int stage, Mono<?> source, Context context) {
		if (source instanceof ScalarCallable<?> scalar) {
			Object value;
			try {
				value = scalar.call();
			}
			catch (Throwable ex) {
				fail(stage, Operators.onOperatorError(ex, context));
				return;
			}
			proceed(stage, value);
			return;
		}
		Stage subscriber = new Stage(this, stage, context);
		try {
			((Mono<Object>) source).subscribe((CoreSubscriber<Object>) subscriber);
		}
		catch (Throwable ex) {
			Operators.reportThrowInSubscribe(subscriber, ex);
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
		Operators.terminate(CURRENT, this);
	}

	/**
	 * Subscribes to one stage and ends with its first signal.
	 */
	private static final class Stage implements CoreSubscriber<Object> {

		private final Stages stages;

		private final int stage;

		private final Context context;

		private boolean done;

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
