package dev.loopline.autoconfigure.web;

import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A {@link Mono} without a value that ends on the strand of an exchange: whatever the
 * application does after a response was written must not keep the connection.
 */
final class EndOnStrand extends MonoOperator<Void, Void> {

	private final StrandExchange exchange;

	EndOnStrand(Mono<Void> source, StrandExchange exchange) {
		super(source);
		this.exchange = exchange;
	}

	@Override
	public void subscribe(CoreSubscriber<? super Void> actual) {
		this.source.subscribe(new End(actual, this.exchange));
	}

	private static final class End implements CoreSubscriber<Void>, Subscription {

		private final CoreSubscriber<? super Void> actual;

		private final StrandExchange exchange;

		private Subscription subscription = Operators.emptySubscription();

		End(CoreSubscriber<? super Void> actual, StrandExchange exchange) {
			this.actual = actual;
			this.exchange = exchange;
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
			this.exchange.tellWritten(() -> this.actual.onError(ex));
		}

		@Override
		public void onComplete() {
			this.exchange.tellWritten(this.actual::onComplete);
		}

		@Override
		public void request(long n) {
			this.subscription.request(n);
		}

		@Override
		public void cancel() {
			this.subscription.cancel();
		}

	}

}
