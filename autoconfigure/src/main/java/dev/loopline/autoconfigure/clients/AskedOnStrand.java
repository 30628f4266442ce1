package dev.loopline.autoconfigure.clients;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.netty.util.ReferenceCountUtil;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A subscription to a source that is subscribed to, asked for more and cancelled in turns
 * on a strand, whoever asks. Its elements go on where the source has them.
 *
 * @param <T> the type of the elements
 */
final class AskedOnStrand<T> extends Operators.DeferredSubscription implements CoreSubscriber<T> {

	/*-
	 * Subscribers get their subscription at once, as RSocket's take a cancellation before that for one of a request
	 * that has not arrived. The first demand subscribes to the source. Who cancels before that turn has come takes the
	 * request back: the source is never made. Reactor's subscribeOn would interrupt a handler that is cancelled, and
	 * run the rest of a cancellation on the connection.
	 */

	private final Supplier<? extends Publisher<T>> source;

	private final Runnable unasked;

	private final StrandTurns turns;

	private final CoreSubscriber<? super T> actual;

	/** Whether the source was made, or never will be. */
	private final AtomicBoolean decided = new AtomicBoolean();

	/** Written by whoever cancels, at once. */
	private volatile boolean unwanted;

	private AskedOnStrand(Supplier<? extends Publisher<T>> source, Runnable unasked, StrandTurns turns,
			CoreSubscriber<? super T> actual) {
		this.source = source;
		this.unasked = unasked;
		this.turns = turns;
		this.actual = actual;
	}

	/**
	 * Returns a Flux for one subscriber.
	 * @param source makes the source, in a turn
	 * @param unasked runs instead if it was cancelled before
	 * @param turns where it runs
	 * @param <T> the type of the elements
	 */
	static <T> Flux<T> flux(Supplier<? extends Publisher<T>> source, Runnable unasked, StrandTurns turns) {
		return new Flux<>() {

			@Override
			public void subscribe(CoreSubscriber<? super T> actual) {
				actual.onSubscribe(new AskedOnStrand<>(source, unasked, turns, actual));
			}

		};
	}

	/**
	 * Returns a Mono for one subscriber.
	 * @param source makes the source, in a turn
	 * @param unasked runs instead if it was cancelled before
	 * @param turns where it runs
	 * @param <T> the type of the element
	 */
	static <T> Mono<T> mono(Supplier<Mono<T>> source, Runnable unasked, StrandTurns turns) {
		return new Mono<>() {

			@Override
			public void subscribe(CoreSubscriber<? super T> actual) {
				actual.onSubscribe(new AskedOnStrand<>(source, unasked, turns, actual));
			}

		};
	}

	@Override
	public void request(long n) {
		if (Operators.validate(n)) {
			this.turns.execute(() -> requestInTurn(n));
		}
	}

	private void requestInTurn(long n) {
		super.request(n); // noted until there is a subscription
		if (this.decided.compareAndSet(false, true)) {
			Publisher<T> source;
			try {
				source = this.source.get();
			}
			catch (Throwable ex) {
				onError(Operators.onOperatorError(ex, currentContext()));
				return;
			}
			withThreadLocals(source).subscribe(this);
		}
	}

	/**
	 * The demand comes from the connection, where none of the thread-locals are set that
	 * Reactor keeps in step with the context, and only operators that write to the
	 * context set them for whatever is above.
	 */
	private static <T> Publisher<T> withThreadLocals(Publisher<T> source) {
		if (!Hooks.isAutomaticContextPropagationEnabled()) {
			return source;
		}
		return (source instanceof Mono<T> mono) ? mono.contextWrite((context) -> context)
				: Flux.from(source).contextWrite((context) -> context);
	}

	@Override
	public void cancel() {
		this.unwanted = true;
		if (this.decided.compareAndSet(false, true)) {
			this.turns.withdraw();
			this.unasked.run();
		}
		else {
			this.turns.execute(super::cancel);
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
	public void onNext(T element) {
		if (this.unwanted) {
			ReferenceCountUtil.safeRelease(element);
		}
		else {
			this.actual.onNext(element);
		}
	}

	@Override
	public void onError(Throwable ex) {
		if (!this.unwanted) {
			this.actual.onError(ex);
		}
	}

	@Override
	public void onComplete() {
		if (!this.unwanted) {
			this.actual.onComplete();
		}
	}

}
