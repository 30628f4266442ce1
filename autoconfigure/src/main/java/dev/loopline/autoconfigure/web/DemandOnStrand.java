package dev.loopline.autoconfigure.web;

import java.util.concurrent.RejectedExecutionException;

import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import dev.loopline.runtime.Strand;

/**
 * A {@link Flux} whose source is subscribed to and asked for more on a strand. Reactor's
 * own {@code subscribeOn} compares threads, and two strands can take turns on one.
 *
 * @param <T> the type of the elements
 */
final class DemandOnStrand<T> extends FluxOperator<T, T> {

	private final Strand strand;

	DemandOnStrand(Flux<? extends T> source, Strand strand) {
		super(source);
		this.strand = strand;
	}

	@Override
	public void subscribe(CoreSubscriber<? super T> actual) {
		actual.onSubscribe(new Demand<>(this.source, actual, this.strand));
	}

	private static final class Demand<T> extends Operators.DeferredSubscription implements CoreSubscriber<T> {

		private final Flux<? extends T> source;

		private final CoreSubscriber<? super T> actual;

		private final Strand strand;

		/**
		 * Whether the source was subscribed to, which the first demand does. Sources that
		 * allocate as they are subscribed to, like those of server-sent events, leak when
		 * they are cancelled before anything was asked for. Only for the strand.
		 */
		private boolean subscribed;

		Demand(Flux<? extends T> source, CoreSubscriber<? super T> actual, Strand strand) {
			this.source = source;
			this.actual = actual;
			this.strand = strand;
		}

		/**
		 * Only for the strand: whoever else asked, even at the very start, would run the
		 * source.
		 */
		private void requestHere(long n) {
			super.request(n); // noted until there is a subscription
			if (!this.subscribed && !isCancelled()) {
				this.subscribed = true;
				this.source.subscribe(this);
			}
		}

		private void runOnStrand(Runnable task) {
			if (this.strand.isCurrent()) {
				task.run();
			}
			else {
				this.strand.execute(task);
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
		public void request(long n) {
			try {
				runOnStrand(() -> requestHere(n));
			}
			catch (RejectedExecutionException ex) {
				super.cancel(); // the runtime has ended
				this.actual.onError(ex);
			}
		}

		@Override
		public void cancel() {
			try {
				runOnStrand(super::cancel);
			}
			catch (RejectedExecutionException ex) {
				super.cancel();
			}
		}

		@Override
		public void onNext(T element) {
			this.actual.onNext(element);
		}

		@Override
		public void onError(Throwable ex) {
			this.actual.onError(ex);
		}

		@Override
		public void onComplete() {
			this.actual.onComplete();
		}

	}

}
