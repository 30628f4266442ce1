package dev.loopline.runtime;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.queue.LifoSlot;
import dev.loopline.runtime.internal.queue.RunQueue;

/**
 * What one thread has to run: its run queue and the work that was woken last. Only for
 * that thread, but for what says otherwise.
 */
final class LocalQueue implements Consumer<Work> {

	private final RunQueue<Work> queue;

	private final LifoSlot<Work> lifo = new LifoSlot<>();

	/** How often in a row the last-woken work may go first. */
	private final int lifoPolls;

	private final RunQueue.Overflow<Work> overflow;

	private final WorkerStats stats;

	LocalQueue(TaskRuntimeConfig config, RunQueue.Overflow<Work> overflow, WorkerStats stats) {
		this.queue = new RunQueue<>(config.queueCapacity());
		this.lifoPolls = config.lifoPolls();
		this.overflow = overflow;
		this.stats = stats;
	}

	/**
	 * Puts work at the end.
	 */
	void push(Work work) {
		if (this.queue.push(work, this.overflow)) {
			this.stats.overflows++;
		}
	}

	@Override
	public void accept(Work work) {
		push(work);
	}

	/**
	 * Puts work before all others, and the one that was there at the end; or at the end
	 * itself if items that were put first have kept others waiting for too long.
	 * @return whether there is more to run than before for threads that steal
	 */
	boolean pushFirst(Work work) {
		if (this.lifo.pollsInRow() >= this.lifoPolls && (this.lifoPolls == 0 || !this.queue.isEmpty())) {
			push(work);
			return true;
		}
		Work displaced = this.lifo.put(work);
		if (displaced != null) {
			push(displaced);
		}
		return displaced != null;
	}

	/**
	 * Takes the last-woken work if it was not first too often, else the oldest.
	 */
	@Nullable Work next() {
		int pollsInRow = this.lifo.pollsInRow();
		if (pollsInRow < this.lifoPolls) {
			Work last = this.lifo.take();
			if (last != null) {
				this.lifo.pollsInRow(pollsInRow + 1);
				return last;
			}
		}
		if (pollsInRow > 0) {
			this.lifo.pollsInRow(0);
		}
		return pop();
	}

	/**
	 * Returns whether what was taken last had waited for its turn, as far as it matters.
	 */
	boolean isInTurn() {
		return this.lifo.pollsInRow() == 0;
	}

	/**
	 * Takes the oldest work.
	 */
	@Nullable Work pop() {
		Work work = this.queue.pop();
		return (work != null) ? work : this.lifo.take();
	}

	/**
	 * Takes half of what another thread has in its run queue.
	 * @return the number of items
	 */
	int stealFrom(LocalQueue victim) {
		return victim.queue.stealInto(this.queue);
	}

	/**
	 * Takes the last-woken work away. For any thread.
	 */
	@Nullable Work takeLast() {
		return this.lifo.take();
	}

	/**
	 * Returns whether work waits to go first. For any thread.
	 */
	boolean hasLast() {
		return !this.lifo.isEmpty();
	}

	/**
	 * Calls back for what is queued. For any thread, to which the queue may look a little
	 * wrong.
	 */
	void forEach(Consumer<Work> action) {
		Work last = this.lifo.peek();
		if (last != null) {
			action.accept(last);
		}
		this.queue.forEach(action);
	}

	/**
	 * Returns whether there is nothing to run. For any thread.
	 */
	boolean isEmpty() {
		return this.queue.isEmpty() && this.lifo.isEmpty();
	}

	/**
	 * Returns the number of items. For any thread.
	 */
	int size() {
		return this.queue.size() + (this.lifo.isEmpty() ? 0 : 1);
	}

}
