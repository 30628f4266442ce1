package dev.loopline.autoconfigure.reactor;

import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.StrandTimer;
import dev.loopline.runtime.TaskRuntime;

/**
 * Threads of a runtime that may block, but not more than so many at a time, as Reactor's
 * bounded elastic scheduler wants it. Safe for use by many threads.
 */
final class BlockingTarget implements SchedulerTarget {

	private final TaskRuntime runtime;

	private final int maxThreads;

	private final int queueCapacity;

	/** Tasks that wait for a thread. Guarded by this. */
	private final ArrayDeque<Runnable> queue = new ArrayDeque<>();

	private int threads;

	BlockingTarget(TaskRuntime runtime, int maxThreads, int queueCapacity) {
		this.runtime = runtime;
		this.maxThreads = maxThreads;
		this.queueCapacity = queueCapacity;
	}

	@Override
	public void execute(Runnable task) {
		synchronized (this) {
			if (this.threads == this.maxThreads) {
				if (this.queue.size() >= this.queueCapacity) {
					throw new RejectedExecutionException("%d tasks are waiting".formatted(this.queueCapacity));
				}
				this.queue.add(task);
				return;
			}
			this.threads++;
		}
		try {
			this.runtime.spawnBlocking(() -> runTasks(task));
		}
		catch (RejectedExecutionException ex) {
			threadEnded();
			throw ex;
		}
	}

	private @Nullable Void runTasks(Runnable first) {
		for (Runnable task = first; task != null; task = next()) {
			task.run();
		}
		return null;
	}

	private synchronized @Nullable Runnable next() {
		Runnable task = this.queue.poll();
		this.threads -= (task != null) ? 0 : 1;
		return task;
	}

	private synchronized void threadEnded() {
		this.threads--;
	}

	@Override
	public StrandTimer scheduleAt(Runnable task, long deadlineNanos) {
		return this.runtime.scheduleAt(() -> execute(task), deadlineNanos);
	}

	/**
	 * Makes a target that runs one task after the other on these threads.
	 */
	SchedulerTarget serial() {
		return new Serial();
	}

	private final class Serial implements SchedulerTarget {

		private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();

		private final AtomicInteger size = new AtomicInteger();

		@Override
		public void execute(Runnable task) {
			this.tasks.offer(task);
			if (this.size.getAndIncrement() == 0) {
				BlockingTarget.this.execute(this::drain);
			}
		}

		private void drain() {
			do {
				Runnable task = this.tasks.poll();
				if (task != null) {
					task.run();
				}
			}
			while (this.size.decrementAndGet() > 0);
		}

		@Override
		public StrandTimer scheduleAt(Runnable task, long deadlineNanos) {
			return BlockingTarget.this.runtime.scheduleAt(() -> execute(task), deadlineNanos);
		}

	}

}
