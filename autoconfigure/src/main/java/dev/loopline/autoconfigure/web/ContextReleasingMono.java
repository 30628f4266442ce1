package dev.loopline.autoconfigure.web;

import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import dev.loopline.runtime.Strand;

/**
 * A {@link Mono} after which its strand forgets the request, which must not stay in
 * memory while the connection waits for the next one. What {@code doFinally} does, for a
 * third of its cost.
 */
final class ContextReleasingMono extends MonoOperator<Void, Void> {

	private final Strand strand;

	private final RequestContext context;

	ContextReleasingMono(Mono<Void> source, Strand strand, RequestContext context) {
		super(source);
		this.strand = strand;
		this.context = context;
	}

	@Override
	public void subscribe(CoreSubscriber<? super Void> actual) {
		this.source.subscribe(new Releaser(actual));
	}

	/**
	 * Another request of the same connection may have begun.
	 */
	private void release() {
		if (this.strand.context() == this.context) {
			this.strand.setContext(null);
		}
	}

	private final class Releaser implements CoreSubscriber<Void>, Subscription {

		private final CoreSubscriber<? super Void> actual;

		private Subscription subscription = Operators.emptySubscription();

		Releaser(CoreSubscriber<? super Void> actual) {
			this.actual = actual;
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
		public void onNext(Void nothing) {
			this.actual.onNext(nothing);
		}

		@Override
		public void onError(Throwable ex) {
			release();
			this.actual.onError(ex);
		}

		@Override
		public void onComplete() {
			release();
			this.actual.onComplete();
		}

		@Override
		public void request(long n) {
			this.subscription.request(n);
		}

		@Override
		public void cancel() {
			release();
			this.subscription.cancel();
		}

	}

}
