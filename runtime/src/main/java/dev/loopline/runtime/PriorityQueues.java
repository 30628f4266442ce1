package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.queue.Injector;

/**
 * Work that has its turn before or after the others, or beside them, whichever worker is
 * free first. Many producers, many consumers.
 */
final class PriorityQueues {

	private final Injector<Work> high;

	private final Injector<Work> continuations;

	private final Injector<Work> background;

	PriorityQueues(Runnable opened) {
		this.high = new Injector<>(opened);
		this.continuations = new Injector<>(opened);
		this.background = new Injector<>(opened);
	}

	/**
	 * Queues work that is not normal.
	 */
	void push(Work work) {
		Injector<Work> queue = switch (work.priority()) {
			case HIGH -> this.high;
			case NORMAL -> this.continuations;
			case BACKGROUND -> this.background;
		};
		queue.push(work);
	}

	@Nullable Work popHigh() {
		return this.high.pop();
	}

	@Nullable Work popContinuation() {
		return this.continuations.pop();
	}

	boolean hasContinuations() {
		return !this.continuations.isEmpty();
	}

	@Nullable Work popBackground() {
		return this.background.pop();
	}

	/**
	 * Takes any work, at the end of the runtime.
	 */
	@Nullable Work pop() {
		Work work = popHigh();
		if (work == null) {
			work = popContinuation();
		}
		return (work != null) ? work : popBackground();
	}

	boolean isEmpty() {
		return this.high.isEmpty() && this.continuations.isEmpty() && this.background.isEmpty();
	}

}
