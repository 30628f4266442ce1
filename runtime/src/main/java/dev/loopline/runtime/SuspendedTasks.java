package dev.loopline.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that were suspended at least once and have not ended. Safe for use by many
 * threads.
 */
final class SuspendedTasks {

	/*-
	 * Tasks that never wait, the most and the shortest, are found in the queues and cost nothing here.
	 * The others are on doubly linked lists through the tasks themselves, a few per worker, each guarded
	 * by a lock of its own that is held for a few instructions. A thread always adds to the same one.
	 */

	/** As in Tokio. */
	private static final int SHARDS_PER_WORKER = 4;

	private static final int MAX_SHARDS = 128;

	private final Shard[] shards;

	SuspendedTasks(int workers) {
		this.shards = new Shard[Math.min(MAX_SHARDS, Integer.highestOneBit(2 * workers - 1) * SHARDS_PER_WORKER)];
		for (int i = 0; i < this.shards.length; i++) {
			this.shards[i] = new Shard();
		}
	}

	void add(Task<?> task) {
		task.shard = (byte) (Thread.currentThread().getId() & (this.shards.length - 1));
		this.shards[task.shard].add(task);
	}

	void remove(Task<?> task) {
		this.shards[task.shard].remove(task);
	}

	int size() {
		int size = 0;
		for (Shard shard : this.shards) {
			size += shard.size;
		}
		return size;
	}

	/**
	 * Calls back for at most so many tasks, without holding a lock.
	 */
	void forEach(int limit, Consumer<Task<?>> action) {
		int left = limit;
		for (Shard shard : this.shards) {
			for (Task<?> task : shard.list(left)) {
				action.accept(task);
				left--;
			}
		}
	}

	/**
	 * One list.
	 */
	private static final class Shard {

		@GuardedBy("this")
		private @Nullable Task<?> head;

		private volatile int size;

		synchronized void add(Task<?> task) {
			task.next = this.head;
			if (this.head != null) {
				this.head.previous = task;
			}
			this.head = task;
			this.size++;
		}

		synchronized void remove(Task<?> task) {
			if (task.previous != null) {
				task.previous.next = task.next;
			}
			else {
				this.head = task.next;
			}
			if (task.next != null) {
				task.next.previous = task.previous;
			}
			task.previous = null;
			task.next = null;
			this.size--;
		}

		synchronized List<Task<?>> list(int limit) {
			List<Task<?>> tasks = new ArrayList<>(Math.min(limit, this.size));
			for (Task<?> task = this.head; task != null && tasks.size() < limit; task = task.next) {
				tasks.add(task);
			}
			return tasks;
		}

	}

}
