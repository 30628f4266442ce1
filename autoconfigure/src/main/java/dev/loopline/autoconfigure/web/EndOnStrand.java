package dev.loopline.autoconfigure.web;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;

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

	private static final class End extends EndSubscriber {

		private final StrandExchange exchange;

		End(CoreSubscriber<? super Void> actual, StrandExchange exchange) {
			super(actual);
			this.exchange = exchange;
		}

		@Override
		public void onError(Throwable ex) {
			this.exchange.tellWritten(() -> this.actual.onError(ex));
		}

		@Override
		public void onComplete() {
			this.exchange.tellWritten(this.actual::onComplete);
		}

	}

}
