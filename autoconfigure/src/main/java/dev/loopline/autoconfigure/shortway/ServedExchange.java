package dev.loopline.autoconfigure.shortway;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * An exchange from its observation's start to its response's end.
 */
final class ServedExchange extends Mono<Void> {

	private final ShortWayHttpHandler handler;

	private final ServerWebExchange exchange;

	private final ServerRequestObservationContext observed;

	ServedExchange(ShortWayHttpHandler handler, ServerWebExchange exchange, ServerRequestObservationContext observed) {
		this.handler = handler;
		this.exchange = exchange;
		this.observed = observed;
	}

	@Override
	public void subscribe(CoreSubscriber<? super Void> actual) {
		if (RestoredContext.isOne(actual.currentContext())) {
			this.handler.handleWithOperators(this.exchange).subscribe(actual);
			return;
		}
		ExchangeObservation observation;
		try {
			observation = this.handler.observe(this.observed);
		}
		catch (Throwable ex) {
			Operators.error(actual, Operators.onOperatorError(ex, actual.currentContext()));
			return;
		}
		Way way = new Way(actual, this.handler, this.exchange, observation);
		actual.onSubscribe(way);
		way.begin();
	}

	private static final class Way extends Stages {

		/** Filters and handler. */
		private static final int HANDLING = 0;

		/** Those who answer errors. */
		private static final int ERROR = 1;

		/** Temporary files of uploads are deleted. */
		private static final int CLEANUP = 2;

		/** The response ends, if nobody has ended it. */
		private static final int COMPLETION = 3;

		private final ShortWayHttpHandler handler;

		private final ServerWebExchange exchange;

		private final ExchangeObservation observation;

		private final Context observed;

		Way(CoreSubscriber<? super Void> actual, ShortWayHttpHandler handler, ServerWebExchange exchange,
				ExchangeObservation observation) {
			super(actual);
			this.handler = handler;
			this.exchange = exchange;
			this.observation = observation;
			this.observed = observation.addTo(actual.currentContext());
		}

		void begin() {
			if (isCancelled()) {
				return;
			}
			Mono<Void> handling;
			try {
				handling = this.handler.filterAndHandle(this.exchange);
			}
			catch (Throwable ex) {
				fail(HANDLING, Operators.onOperatorError(ex, this.observed));
				return;
			}
			subscribe(HANDLING, handling, this.observed);
		}

		@Override
		void proceed(int stage, @Nullable Object nothing) {
			switch (stage) {
				case HANDLING, ERROR -> {
					try {
						this.observation.complete();
					}
					catch (Throwable ex) {
						failToObserve(ex);
						return;
					}
					forgetStage();
					if (mayHaveParts()) {
						subscribe(CLEANUP, this.exchange.cleanupMultipart(), this.actual.currentContext());
					}
					else {
						complete();
					}
				}
				case CLEANUP -> complete();
				default -> this.actual.onComplete();
			}
		}

		/**
		 * Returns whether an upload may have left files behind.
		 */
		private boolean mayHaveParts() {
			return this.exchange.getRequest().getHeaders().getFirst(HttpHeaders.CONTENT_TYPE) != null;
		}

		/**
		 * Whatever observes may throw.
		 */
		private void failToObserve(Throwable failure) {
			super.cancel();
			this.actual.onError(failure);
		}

		private void complete() {
			if (isCancelled()) {
				return;
			}
			Mono<Void> completion;
			try {
				completion = this.exchange.getResponse().setComplete();
			}
			catch (Throwable ex) {
				this.actual.onError(Operators.onOperatorError(ex, this.actual.currentContext()));
				return;
			}
			subscribe(COMPLETION, completion, this.actual.currentContext());
		}

		@Override
		void fail(int stage, Throwable failure) {
			switch (stage) {
				case HANDLING -> subscribe(ERROR, this.handler.answer(this.exchange, failure), this.observed);
				case ERROR -> {
					Throwable unresolved = this.handler.resolve(this.exchange, this.observation, failure);
					if (unresolved == null) {
						proceed(ERROR, null);
					}
					else {
						try {
							this.observation.fail(unresolved);
						}
						catch (Throwable ex) {
							failToObserve(Exceptions.multiple(ex, unresolved));
							return;
						}
						this.actual.onError(unresolved);
					}
				}
				default -> this.actual.onError(failure);
			}
		}

		@Override
		public void cancel() {
			try {
				this.observation.cancel();
			}
			catch (Throwable ex) {
				failToObserve(ex);
				return;
			}
			super.cancel();
		}

	}

}
