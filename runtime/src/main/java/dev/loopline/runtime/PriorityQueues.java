package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.queue.Injector;

/**
 * Strands that go before or after the others, whichever worker is free first. Many
 * producers, many consumers.
 */
final class PriorityQueues {

	private final Injector<Work> high;

	private final Injector<Work> background;

	PriorityQueues(Runnable opened) {
		this.high = new Injector<>(opened);
		this.background = new Injector<>(opened);
	}

	/**
	 * Queues work that is not of normal priority.
	 */
	void push(Work work) {
		((work.priority() == Priority.HIGH) ? this.high : this.background).push(work);
	}

	@Nullable Work popHigh() {
		return this.high.pop();
	}

	@Nullable Work popBackground() {
		return this.background.pop();
	}

	/**
	 * Takes any strand, at the end of the runtime.
	 */
	@Nullable Work pop() {
		Work work = popHigh();
		return (work != null) ? work : popBackground();
	}

	boolean isEmpty() {
		return this.high.isEmpty() && this.background.isEmpty();
	}

}
