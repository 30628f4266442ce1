package dev.loopline.autoconfigure.limits;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

import dev.loopline.autoconfigure.limits.SharedAccess.Attempt;
import dev.loopline.autoconfigure.limits.SharedAccess.Turn;
import dev.loopline.layers.RateLimiter;
import dev.loopline.layers.Timers;

/**
 * A rate that several instances share while its store answers, and of which each has a
 * part while it does not. Safe for use by many threads.
 */
final class SharedRate {

	/*-
	 * What passes when the store is lost
	 * ----------------------------------
	 * The part of this instance loses a permit with each that the store grants, so it has no more to give at first than
	 * what this instance has not taken yet: the change lets no burst pass. Nobody waits for a store that is known to be
	 * lost: the request that sees whether it answers again is decided here, too.
	 */

	private final SharedBuckets buckets;

	private final RateLimiter part;

	private final SharedAccess access;

	private final Duration timeout;

	private final LongAdder shared = new LongAdder();

	private final LongAdder local = new LongAdder();

	/**
	 * Creates a rate.
	 * @param buckets those of all instances
	 * @param part of this instance
	 * @param access to the store
	 * @param timeout the longest time that a request waits for the store
	 */
	SharedRate(SharedBuckets buckets, RateLimiter part, SharedAccess access, Duration timeout) {
		this.buckets = buckets;
		this.part = part;
		this.access = access;
		this.timeout = timeout;
	}

	/**
	 * Takes a permit if there is one.
	 * @param key whose bucket
	 * @param timers where the request goes on
	 */
	Mono<RateLimiter.Decision> take(Object key, Timers timers) {
		return Mono.create((sink) -> {
			Attempt attempt = this.access.next();
			if (attempt.turn() == Turn.SHARED) {
				ask(key, attempt, timers, sink);
				return;
			}
			if (attempt.turn() == Turn.PROBE) {
				probe(key, attempt);
			}
			sink.success(takePart(key));
		});
	}

	private void ask(Object key, Attempt attempt, Timers timers, MonoSink<RateLimiter.Decision> sink) {
		CompletableFuture<RateLimiter.Decision> answer = this.buckets.take(key);
		if (!answer.isDone()) {
			Disposable timer = timers.schedule(
					() -> answer.completeExceptionally(new TimeoutException("Nothing within " + this.timeout)),
					this.timeout);
			sink.onDispose(timer);
		}
		answer.whenComplete((decision, ex) -> {
			Runnable goOn = () -> sink.success(decide(key, attempt, decision, ex));
			try {
				timers.execute(goOn);
			}
			catch (RejectedExecutionException ended) {
				goOn.run(); // nobody else answers at the end
			}
		});
	}

	private RateLimiter.Decision decide(Object key, Attempt attempt, RateLimiter.@Nullable Decision decision,
			@Nullable Throwable ex) {
		if (decision == null) {
			this.access.failed(attempt, (ex != null) ? ex : new IllegalStateException("Nothing"));
			return takePart(key);
		}
		this.shared.increment();
		if (decision.granted()) {
			this.part.take(key);
		}
		return decision;
	}

	private void probe(Object key, Attempt attempt) {
		this.buckets.take(key).whenComplete((decision, ex) -> {
			if (ex != null) {
				this.access.failed(attempt, ex);
			}
			else {
				this.access.answered(attempt);
			}
		});
	}

	private RateLimiter.Decision takePart(Object key) {
		this.local.increment();
		return this.part.take(key);
	}

	/**
	 * Returns the part of this instance.
	 */
	RateLimiter part() {
		return this.part;
	}

	/**
	 * Returns how many requests the store decided on.
	 */
	LongAdder shared() {
		return this.shared;
	}

	/**
	 * Returns how many requests this instance decided on by itself.
	 */
	LongAdder local() {
		return this.local;
	}

}
