package dev.loopline.autoconfigure.reactor;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/**
 * Requests from its source in batches, each in a task of its own.
 *
 * @param <T> the type of the elements
 */
final class CooperativeFlux<T> extends FluxOperator<T, T> {

	private final Scheduler scheduler;

	private final int batchSize;

	CooperativeFlux(Flux<? extends T> source, Scheduler scheduler, int batchSize) {
		super(source);
		this.scheduler = scheduler;
		this.batchSize = batchSize;
	}

	@Override
	public void subscribe(CoreSubscriber<? super T> actual) {
		this.source.subscribe(new Batches<>(actual, this.scheduler.createWorker(), this.batchSize));
	}

	/**
	 * One subscription.
	 */
	private static final class Batches<T> implements CoreSubscriber<T>, Subscription {

		private final CoreSubscriber<? super T> actual;

		private final Scheduler.Worker worker;

		private final int batchSize;

		/** What the subscriber wants beyond the batch under way. */
		private final AtomicLong wanted = new AtomicLong();

		/** Whether a batch is under way. */
		private final AtomicBoolean pulling = new AtomicBoolean();

		/** What is left of it. Written before it is requested, then by its elements. */
		private long left;

		private @Nullable Subscription upstream;

		Batches(CoreSubscriber<? super T> actual, Scheduler.Worker worker, int batchSize) {
			this.actual = actual;
			this.worker = worker;
			this.batchSize = batchSize;
		}

		@Override
		public Context currentContext() {
			return this.actual.currentContext();
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			if (Operators.validate(this.upstream, subscription)) {
				this.upstream = subscription;
				this.actual.onSubscribe(this);
			}
		}

		@Override
		public void request(long count) {
			if (Operators.validate(count)) {
				this.wanted.accumulateAndGet(count, Operators::addCap);
				if (this.pulling.compareAndSet(false, true)) {
					schedulePull();
				}
			}
		}

		private void schedulePull() {
			try {
				this.worker.schedule(this::pull);
			}
			catch (RejectedExecutionException ex) {
				if (!this.worker.isDisposed()) {
					onError(ex); // once: nothing is requested any more
				}
			}
		}

		private void pull() {
			do {
				long count = Math.min(this.wanted.get(), this.batchSize);
				if (count > 0) {
					this.wanted.addAndGet(-count);
					this.left = count;
					request(this.upstream, count);
					return;
				}
				this.pulling.set(false);
			}
			while (this.wanted.get() > 0 && this.pulling.compareAndSet(false, true));
		}

		private static void request(@Nullable Subscription upstream, long count) {
			if (upstream != null) {
				upstream.request(count);
			}
		}

		@Override
		public void onNext(T element) {
			boolean last = --this.left == 0; // before the element: it may request more
			this.actual.onNext(element);
			if (last) {
				schedulePull();
			}
		}

		@Override
		public void onError(Throwable failure) {
			this.worker.dispose();
			this.actual.onError(failure);
		}

		@Override
		public void onComplete() {
			this.worker.dispose();
			this.actual.onComplete();
		}

		@Override
		public void cancel() {
			if (this.upstream != null) {
				this.upstream.cancel();
			}
			this.worker.dispose();
		}

	}

}
