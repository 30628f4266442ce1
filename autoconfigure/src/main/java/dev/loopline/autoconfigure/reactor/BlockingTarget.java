package dev.loopline.autoconfigure.reactor;

import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;

import dev.loopline.runtime.TaskRuntime;

/**
 * Threads of a runtime that may block, but not more than so many at a time, as Reactor's
 * bounded elastic scheduler wants it. Safe for use by many threads.
 */
final class BlockingTarget implements SchedulerTarget {

	private static final Logger logger = LoggerFactory.getLogger(StrandScheduler.class);

	private final TaskRuntime runtime;

	private final int maxThreads;

	private final int queueCapacity;

	/** Tasks that wait for a thread. */
	@GuardedBy("this")
	private final ArrayDeque<Runnable> queue = new ArrayDeque<>();

	@GuardedBy("this")
	private int threads;

	BlockingTarget(TaskRuntime runtime, int maxThreads, int queueCapacity) {
		this.runtime = runtime;
		this.maxThreads = maxThreads;
		this.queueCapacity = queueCapacity;
	}

	@Override
	public void execute(Runnable task) {
		synchronized (this) {
			if (this.threads < this.maxThreads) {
				start(task);
				this.threads++; // not if the runtime has refused
			}
			else if (this.queue.size() < this.queueCapacity) {
				this.queue.add(task);
			}
			else {
				throw new RejectedExecutionException("%d tasks are waiting".formatted(this.queueCapacity));
			}
		}
	}

	private void start(Runnable first) {
		AtomicBoolean started = new AtomicBoolean();
		this.runtime.spawnBlocking(() -> {
			started.set(true);
			runTasks(first);
			return "";
		}).whenComplete((done, failure) -> {
			if (!started.get()) {
				logger.warn("A hook of the runtime failed to run tasks, which run without it", failure);
				this.runtime.execute(() -> blockInPlace(first));
			}
		});
	}

	private void blockInPlace(Runnable first) {
		try {
			TaskRuntime.blockInPlace(() -> {
				runTasks(first);
				return "";
			});
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void runTasks(Runnable first) {
		for (Runnable task = first; task != null; task = next()) {
			run(task);
		}
	}

	/**
	 * Runs one of many: whatever it throws is its own affair, and so is its interrupt.
	 */
	private static void run(Runnable task) {
		try {
			task.run();
		}
		catch (Throwable ex) {
			logger.error("A task threw an exception: {}", task, ex);
		}
		finally {
			Thread.interrupted();
		}
	}

	private synchronized @Nullable Runnable next() {
		Runnable task = this.queue.poll();
		this.threads -= (task != null) ? 0 : 1;
		return task;
	}

	@Override
	public Disposable scheduleAt(Runnable task, long deadlineNanos) {
		return this.runtime.timers().scheduleAt(() -> execute(task), deadlineNanos)::cancel;
	}

	/**
	 * Makes a target that runs one task after the other on these threads.
	 */
	SchedulerTarget serial() {
		return new Serial();
	}

	private final class Serial implements SchedulerTarget {

		@GuardedBy("this")
		private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

		@GuardedBy("this")
		private boolean draining;

		@Override
		public synchronized void execute(Runnable task) {
			if (!this.draining) {
				BlockingTarget.this.execute(this::drain);
				this.draining = true; // not if it was refused
			}
			this.tasks.add(task);
		}

		private void drain() {
			for (Runnable task = next(); task != null; task = next()) {
				BlockingTarget.run(task);
			}
		}

		private synchronized @Nullable Runnable next() {
			Runnable task = this.tasks.poll();
			this.draining = task != null;
			return task;
		}

		@Override
		public Disposable scheduleAt(Runnable task, long deadlineNanos) {
			return BlockingTarget.this.runtime.timers().scheduleAt(() -> execute(task), deadlineNanos)::cancel;
		}

	}

}
