package dev.loopline.runtime;

import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.loopline.runtime.internal.thread.ThreadMaker;
import dev.loopline.runtime.io.IoDriver;

/**
 * A runtime that ends because no thread can be started, so that a test plays its threads
 * itself.
 */
final class EndingRuntime implements ThreadMaker.InPlace {

	private static final OutOfMemoryError SCARCE = new OutOfMemoryError();

	private final AtomicInteger accepted = new AtomicInteger();

	private final AtomicInteger ended = new AtomicInteger();

	/** The loop of the only worker. */
	private WorkerThread worker;

	/** Sees to the end. */
	private Runnable end;

	private volatile boolean ending;

	EndingRuntime() {
		try {
			TaskRuntime.start(TaskRuntimeConfig
				.of((builder) -> builder.workers(1).queueCapacity(4).blockingQueueCapacity(1).threadFactory(this)),
					(token) -> new Driver());
		}
		catch (IllegalStateException ex) {
			// It could not start its worker, as it should
		}
	}

	@Override
	public Thread newThread(Runnable body) {
		if (!this.worker.scheduler().isShuttingDown()) {
			throw SCARCE;
		}
		this.end = body;
		return InertRuntime.THREAD;
	}

	/** Does what the worker does until the end. */
	void work() {
		this.worker.run();
	}

	/** Ends the runtime. */
	void end() {
		this.ending = true;
		this.end.run();
	}

	/** Waits until that has begun. */
	void awaitEnd() {
		while (!this.ending) {
			Thread.onSpinWait();
		}
	}

	Strand newStrand() {
		return this.worker.scheduler().newStrand();
	}

	/**
	 * Queues something that takes note of its end.
	 * @return whether it was accepted
	 */
	boolean execute(Strand strand, Runnable body) {
		try {
			strand.execute(new Task(body));
			this.accepted.incrementAndGet();
			return true;
		}
		catch (RejectedExecutionException ex) {
			return false;
		}
	}

	/**
	 * Returns how much was accepted that has neither run nor been cancelled.
	 */
	int lost() {
		return this.accepted.get() - this.ended.get();
	}

	private final class Task extends FutureTask<Void> {

		Task(Runnable body) {
			super(body, null);
		}

		@Override
		protected void done() {
			EndingRuntime.this.ended.incrementAndGet();
		}

	}

	/** Tells whose loop it is. */
	private final class Driver implements IoDriver {

		@Override
		public Runnable decorate(Runnable loop) {
			EndingRuntime.this.worker = (WorkerThread) loop;
			return loop;
		}

		@Override
		public int poll(PollContext context) {
			return 0;
		}

		@Override
		public void wakeup() {
		}

	}

}
