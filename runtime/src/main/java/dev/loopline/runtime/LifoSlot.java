package dev.loopline.runtime;

import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Holds the strand that a worker thread woke last. One owner puts and takes, many thieves
 * take.
 */
final class LifoSlot {

	private final AtomicReference<@Nullable Schedulable> strand = new AtomicReference<>();

	/**
	 * Puts a strand in.
	 * @return the strand that it displaced, if any
	 */
	@SuppressWarnings("NullAway") // without JSpecify mode an AtomicReference never holds
									// null
	@Nullable Schedulable put(Schedulable strand) {
		return this.strand.getAndSet(strand);
	}

	/**
	 * Takes the strand out.
	 */
	@SuppressWarnings("NullAway") // as above
	@Nullable Schedulable take() {
		return isEmpty() ? null : this.strand.getAndSet(null);
	}

	/**
	 * Returns the strand without taking it.
	 */
	@SuppressWarnings("NullAway") // as above
	@Nullable Schedulable peek() {
		return this.strand.get();
	}

	boolean isEmpty() {
		return this.strand.get() == null;
	}

}
