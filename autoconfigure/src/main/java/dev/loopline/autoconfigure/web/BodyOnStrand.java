package dev.loopline.autoconfigure.web;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * A request's body whose parts arrive on the strand of its exchange.
 */
final class BodyOnStrand extends FluxOperator<DataBuffer, DataBuffer> {

	private final StrandExchange exchange;

	BodyOnStrand(Flux<? extends DataBuffer> source, StrandExchange exchange) {
		super(source);
		this.exchange = exchange;
	}

	@Override
	public void subscribe(CoreSubscriber<? super DataBuffer> actual) {
		Parts parts = new Parts(actual, this.exchange);
		this.exchange.reading(parts);
		this.source.subscribe(parts);
	}

	/**
	 * One subscription.
	 */
	static final class Parts implements CoreSubscriber<DataBuffer>, Subscription {

		/*-
		 * Who releases a part
		 * -------------------
		 * A part is the subscriber's from the call of its onNext on; until then it is released here, by whoever
		 * drains. Reactor's publishOn leaves that to the hooks of the context, which other operators set, too:
		 * then the same part is released twice, and its memory is another request's.
		 *
		 * Who drains
		 * ----------
		 * Whoever raises the count of events from zero runs the drain, on the strand, or here if there is nothing
		 * left to do but to release. It goes on until it has seen every event. So there is one drain at a time.
		 *
		 * How much is asked for
		 * ---------------------
		 * What the subscriber wants, but at most so much that so many parts are on their way: a strand that is
		 * busy must not let a fast client fill the memory.
		 */

		/** As many as Reactor Netty itself keeps before it stops reading. */
		private static final int MAX_UNDER_WAY = 32;

		/** Fewer are asked for only if none is under way. */
		private static final int BATCH = MAX_UNDER_WAY / 4;

		private final CoreSubscriber<? super DataBuffer> actual;

		private final StrandExchange exchange;

		private final Queue<DataBuffer> queue = Queues.<DataBuffer>get(MAX_UNDER_WAY).get();

		private final AtomicInteger events = new AtomicInteger();

		private final AtomicLong wanted = new AtomicLong();

		private Subscription upstream = Operators.emptySubscription();

		/** Asked for and not yet passed on. Only for the drain. */
		private int underWay;

		/** Written before {@link #done}. */
		private @Nullable Throwable failure;

		private volatile boolean done;

		private volatile boolean cancelled;

		/** Whether the subscriber is being told of a part. */
		private volatile boolean telling;

		/** Whether it was told of the end. */
		private volatile boolean ended;

		Parts(CoreSubscriber<? super DataBuffer> actual, StrandExchange exchange) {
			this.actual = actual;
			this.exchange = exchange;
		}

		/**
		 * Returns whether something is to come that only a later drain can tell of.
		 */
		boolean isExpected() {
			return !this.telling && !this.ended && !this.cancelled;
		}

		/**
		 * Returns whether all of it has arrived, or will never.
		 */
		boolean isDone() {
			return this.done;
		}

		/**
		 * Returns whether the subscriber is about to be told that the body has failed.
		 */
		boolean isFailing() {
			return this.done && this.failure != null && !this.ended && !this.cancelled;
		}

		/*
		 * --------------- From the connection ---------------
		 */

		@Override
		public Context currentContext() {
			return this.actual.currentContext();
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			this.upstream = subscription;
			this.actual.onSubscribe(this);
		}

		@Override
		public void onNext(DataBuffer part) {
			if (this.done) {
				DataBufferUtils.release(part);
			}
			else if (this.queue.offer(part)) {
				signal();
			}
			else {
				DataBufferUtils.release(part);
				this.upstream.cancel();
				onError(Exceptions.failWithOverflow("More parts of a body than were asked for"));
			}
		}

		@Override
		public void onError(Throwable ex) {
			if (this.done) {
				Operators.onErrorDropped(ex, currentContext());
				return;
			}
			this.failure = ex;
			this.done = true;
			signal();
			this.exchange.interruptWaitForBody();
		}

		@Override
		public void onComplete() {
			if (!this.done) {
				this.done = true;
				signal();
			}
		}

		/*
		 * --------------- From the handler ---------------
		 */

		@Override
		public void request(long n) {
			if (Operators.validate(n)) {
				this.wanted.accumulateAndGet(n, Operators::addCap);
				signal();
			}
		}

		@Override
		public void cancel() {
			this.cancelled = true;
			this.upstream.cancel();
			signal();
		}

		private void signal() {
			if (this.events.getAndIncrement() == 0) {
				if (this.cancelled || !this.exchange.run(this::drain)) {
					this.cancelled = true;
					drain();
				}
			}
		}

		private void drain() {
			int seen = this.events.get();
			do {
				try {
					passOn();
				}
				catch (Throwable ex) {
					this.cancelled = true;
					this.upstream.cancel();
					this.exchange.fail(ex);
				}
				if (this.cancelled) {
					releaseAll();
				}
				seen = this.events.addAndGet(-seen);
			}
			while (seen != 0);
		}

		private void passOn() {
			while (!this.cancelled) {
				boolean last = this.done; // before a look into the queue
				if (last && this.queue.isEmpty()) {
					end();
					return;
				}
				DataBuffer part = (this.wanted.get() > 0) ? this.queue.poll() : null;
				if (part == null) {
					askForMore();
					return;
				}
				this.underWay--;
				if (this.wanted.get() != Long.MAX_VALUE) {
					this.wanted.decrementAndGet();
				}
				this.telling = true;
				this.actual.onNext(part);
				this.telling = false;
			}
		}

		private void askForMore() {
			int room = (int) Math.min(this.wanted.get(), MAX_UNDER_WAY) - this.underWay;
			if (room > 0 && (this.underWay == 0 || room >= BATCH) && !this.done) {
				this.underWay += room;
				this.upstream.request(room);
			}
		}

		private void end() {
			if (this.ended) {
				return;
			}
			this.ended = true;
			Throwable failure = this.failure;
			if (failure != null) {
				this.actual.onError(failure);
			}
			else {
				this.actual.onComplete();
			}
		}

		private void releaseAll() {
			DataBuffer part;
			while ((part = this.queue.poll()) != null) {
				DataBufferUtils.release(part);
			}
		}

	}

}
