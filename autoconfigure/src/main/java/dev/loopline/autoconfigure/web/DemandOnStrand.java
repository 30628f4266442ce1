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
 * A {@link Flux} whose source is asked for more on a strand. Reactor's own
 * {@code subscribeOn} compares threads, and two strands can take turns on one.
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
		this.source.subscribe(new Demand<>(actual, this.strand));
	}

	private static final class Demand<T> implements CoreSubscriber<T>, Subscription {

		private final CoreSubscriber<? super T> actual;

		private final Strand strand;

		private Subscription subscription = Operators.emptySubscription();

		Demand(CoreSubscriber<? super T> actual, Strand strand) {
			this.actual = actual;
			this.strand = strand;
		}

		@Override
		public Context currentContext() {
			return this.actual.currentContext();
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			this.subscription = subscription;
			this.actual.onSubscribe(this);
		}

		@Override
		public void request(long n) {
			if (this.strand.isCurrent()) {
				this.subscription.request(n);
				return;
			}
			try {
				this.strand.execute(() -> this.subscription.request(n));
			}
			catch (RejectedExecutionException ex) {
				// The runtime has ended and nobody will write what would come.
				this.subscription.cancel();
			}
		}

		@Override
		public void cancel() {
			this.subscription.cancel();
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
