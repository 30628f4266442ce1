package dev.loopline.autoconfigure.web;

import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A subscriber to something without values that passes everything on; what to do at the
 * end is for its subclasses.
 */
abstract class EndSubscriber implements CoreSubscriber<Void>, Subscription {

	final CoreSubscriber<? super Void> actual;

	private Subscription subscription = Operators.emptySubscription();

	EndSubscriber(CoreSubscriber<? super Void> actual) {
		this.actual = actual;
	}

	@Override
	public final Context currentContext() {
		return this.actual.currentContext();
	}

	@Override
	public final void onSubscribe(Subscription subscription) {
		this.subscription = subscription;
		this.actual.onSubscribe(this);
	}

	@Override
	public final void onNext(Void nothing) {
		this.actual.onNext(nothing);
	}

	@Override
	public final void request(long n) {
		this.subscription.request(n);
	}

	@Override
	public void cancel() {
		this.subscription.cancel();
	}

}
