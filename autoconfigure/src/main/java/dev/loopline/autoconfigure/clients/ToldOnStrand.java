package dev.loopline.autoconfigure.clients;

import io.netty.util.ReferenceCountUtil;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A subscription whose signals arrive in turns on a strand, whoever brings them. What the
 * subscriber asks for is asked of the source as it is, so no more is queued than that.
 *
 * @param <T> the type of the elements
 */
final class ToldOnStrand<T> implements CoreSubscriber<T>, Subscription {

	/*-
	 * Reactor's publishOn asks for elements ahead, and a peer would see that: of a subscriber who wants them one by
	 * one, 256 were on their way.
	 */

	private final CoreSubscriber<? super T> actual;

	private final StrandTurns turns;

	private Subscription source = Operators.emptySubscription();

	private volatile boolean cancelled;

	private ToldOnStrand(CoreSubscriber<? super T> actual, StrandTurns turns) {
		this.actual = actual;
		this.turns = turns;
	}

	/**
	 * Returns a Flux for one subscriber.
	 */
	static <T> Flux<T> flux(Flux<T> source, StrandTurns turns) {
		return new FluxOperator<>(source) {

			@Override
			public void subscribe(CoreSubscriber<? super T> actual) {
				this.source.subscribe(new ToldOnStrand<>(actual, turns));
			}

		};
	}

	/**
	 * Returns a Mono for one subscriber.
	 */
	static <T> Mono<T> mono(Mono<T> source, StrandTurns turns) {
		return new MonoOperator<>(source) {

			@Override
			public void subscribe(CoreSubscriber<? super T> actual) {
				this.source.subscribe(new ToldOnStrand<>(actual, turns));
			}

		};
	}

	@Override
	public Context currentContext() {
		return this.actual.currentContext();
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		this.source = subscription;
		this.actual.onSubscribe(this);
	}

	@Override
	public void onNext(T element) {
		this.turns.execute(() -> {
			if (this.cancelled) {
				ReferenceCountUtil.safeRelease(element);
			}
			else {
				this.actual.onNext(element);
			}
		});
	}

	@Override
	public void onError(Throwable ex) {
		this.turns.execute(() -> {
			if (!this.cancelled) {
				this.actual.onError(ex);
			}
		});
	}

	@Override
	public void onComplete() {
		this.turns.execute(() -> {
			if (!this.cancelled) {
				this.actual.onComplete();
			}
		});
	}

	@Override
	public void request(long n) {
		this.source.request(n);
	}

	@Override
	public void cancel() {
		this.cancelled = true;
		this.source.cancel();
	}

}
