package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Strands that go before or after the others, whichever worker is free first. Many
 * producers, many consumers.
 */
final class PriorityQueues {

	private final Injector high;

	private final Injector background;

	PriorityQueues(Runnable opened) {
		this.high = new Injector(opened);
		this.background = new Injector(opened);
	}

	/**
	 * Queues a strand that is not of normal priority.
	 */
	void push(Schedulable strand) {
		((strand.rank() == Priority.HIGH) ? this.high : this.background).push(strand);
	}

	@Nullable Schedulable popHigh() {
		return this.high.pop();
	}

	@Nullable Schedulable popBackground() {
		return this.background.pop();
	}

	/**
	 * Takes any strand, at the end of the runtime.
	 */
	@Nullable Schedulable pop() {
		Schedulable strand = popHigh();
		return (strand != null) ? strand : popBackground();
	}

	boolean isEmpty() {
		return this.high.isEmpty() && this.background.isEmpty();
	}

}
