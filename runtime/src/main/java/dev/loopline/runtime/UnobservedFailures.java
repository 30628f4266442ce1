package dev.loopline.runtime;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.support.Failures;

/**
 * Logs the failures of tasks and blocking jobs at whose outcome nobody looks. Safe for
 * use by many threads.
 */
final class UnobservedFailures {

	/*-
	 * A failure gets a second in which somebody may look at it, as a task can fail before its spawner
	 * comes to chain a stage. One timer serves all that wait; when too many do, the oldest is not given
	 * the rest of its second.
	 */

	static final long GRACE_NANOS = Duration.ofSeconds(1).toNanos();

	private static final int CAPACITY = 1024;

	private final Scheduler scheduler;

	private final ArrayBlockingQueue<Entry> waiting = new ArrayBlockingQueue<>(CAPACITY);

	private final AtomicBoolean armed = new AtomicBoolean();

	@GuardedBy("this")
	private @Nullable Strand strand;

	UnobservedFailures(Scheduler scheduler) {
		this.scheduler = scheduler;
	}

	/**
	 * Adds a failure.
	 * @param work what has failed; it says how it is called
	 * @param observed whether somebody looks at the outcome
	 */
	void add(Object work, BooleanSupplier observed, Throwable cause) {
		Entry entry = new Entry(work, observed, cause, this.scheduler.deadlineAfter(GRACE_NANOS));
		while (!this.waiting.offer(entry)) {
			log(this.waiting.poll());
		}
		arm();
	}

	private void arm() {
		Entry oldest = this.waiting.peek();
		if (oldest == null || !this.armed.compareAndSet(false, true)) {
			return;
		}
		long delay = oldest.deadline - this.scheduler.ticker().nanos();
		try {
			strand().schedule(this::reportDue, delay, TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			flush(); // the end of the runtime
		}
	}

	private synchronized Strand strand() {
		if (this.strand == null) {
			this.strand = this.scheduler.newStrand(StrandOptions.DEFAULTS);
		}
		return this.strand;
	}

	private void reportDue() {
		long now = this.scheduler.ticker().nanos();
		Entry entry;
		while ((entry = this.waiting.peek()) != null && entry.deadline - now <= 0) {
			log(this.waiting.poll());
		}
		this.armed.set(false);
		arm();
	}

	/**
	 * Waits no longer, at the end of the runtime.
	 */
	void flush() {
		Entry entry;
		while ((entry = this.waiting.poll()) != null) {
			log(entry);
		}
	}

	private static void log(@Nullable Entry entry) {
		if (entry != null && !entry.observed.getAsBoolean()) {
			Failures.warn(Tasks.logger, entry.cause, "{} failed and nobody looked at its outcome", entry.work);
		}
	}

	private record Entry(Object work, BooleanSupplier observed, Throwable cause, long deadline) {
	}

}
