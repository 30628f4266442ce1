package dev.loopline.autoconfigure.web;

import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A {@link Flux} whose source is subscribed to and asked for more on a strand. Reactor's
 * own {@code subscribeOn} compares threads, and two strands can take turns on one.
 *
 * @param <T> the type of the elements
 */
final class DemandOnStrand<T> extends FluxOperator<T, T> {

	private final StrandExchange exchange;

	DemandOnStrand(Flux<T> source, StrandExchange exchange) {
		super(withThreadLocals(source));
		this.exchange = exchange;
	}

	/**
	 * The demand comes from the connection, where none of the thread-locals are set that
	 * Reactor keeps in step with the context, and only operators that write to the
	 * context set them for whatever is above.
	 */
	private static <T> Flux<T> withThreadLocals(Flux<T> source) {
		return Hooks.isAutomaticContextPropagationEnabled() ? source.contextWrite((context) -> context) : source;
	}

	@Override
	public void subscribe(CoreSubscriber<? super T> actual) {
		actual.onSubscribe(new Demand<>(this.source, actual, this.exchange));
	}

	private static final class Demand<T> extends Operators.DeferredSubscription implements CoreSubscriber<T> {

		private final Flux<? extends T> source;

		private final CoreSubscriber<? super T> actual;

		private final StrandExchange exchange;

		/**
		 * Whether the source was subscribed to, which the first demand does. Sources that
		 * allocate as they are subscribed to, like those of server-sent events, leak when
		 * they are cancelled before anything was asked for. Only for the strand.
		 */
		private boolean subscribed;

		Demand(Flux<? extends T> source, CoreSubscriber<? super T> actual, StrandExchange exchange) {
			this.source = source;
			this.actual = actual;
			this.exchange = exchange;
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
			if (!this.exchange.run(() -> requestHere(n))) {
				super.cancel();
				this.actual.onError(StrandExchange.runtimeHasEnded());
			}
		}

		@Override
		public void cancel() {
			if (!this.exchange.run(super::cancel)) {
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
