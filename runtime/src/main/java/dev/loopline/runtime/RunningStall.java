package dev.loopline.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * A stall from the moment that the monitor sees it. It ends once, whoever is the first to
 * know. Safe for use by many threads.
 */
final class RunningStall {

	private final Stalls stalls;

	private final Stall.Kind kind;

	private final Thread thread;

	private final @Nullable WorkContext context;

	/** Whether the thread is inside the poll. */
	private final BooleanSupplier polling;

	private final long startNanos;

	private final Instant start;

	private final AtomicBoolean over = new AtomicBoolean();

	private final StallMark mark = new StallMark();

	/** What follows is guarded by the stalls. */
	List<StackTraceElement> stack = List.of();

	@Nullable StackTraceElement frame;

	/** What it is counted under, if its stack was taken. */
	@Nullable StackTraceElement place;

	@Nullable CulpritEntry culprit;

	/** Whether it turned out to be our own doing. */
	boolean own;

	/** Whether the thread was loading a class. */
	boolean loading;

	/** Twice the time that it must have lasted before its stack is taken once more. */
	long nextSampleNanos = Stalls.LONG_NANOS;

	/** How long it must have lasted before the next report of it. */
	long nextReportNanos = Stalls.LONG_NANOS;

	/** When it ended, if it has. */
	long endNanos;

	RunningStall(Stalls stalls, Stall.Kind kind, Thread thread, @Nullable WorkContext context, BooleanSupplier polling,
			long startNanos, Instant start) {
		this.stalls = stalls;
		this.kind = kind;
		this.thread = thread;
		this.context = context;
		this.polling = polling;
		this.startNanos = startNanos;
		this.start = start;
	}

	/**
	 * Ends the stall, unless it has ended.
	 */
	void end(long now) {
		if (this.over.compareAndSet(false, true)) {
			this.mark.end(now);
			this.stalls.ended(this, now);
		}
	}

	/**
	 * Returns whether the thread has gone on, even if nobody has ended the stall yet: a
	 * stack that was taken before this was asked is that of the stall if the answer is
	 * no.
	 */
	boolean isOver() {
		return this.over.get() || !this.polling.getAsBoolean();
	}

	/**
	 * Returns what is left of this for the strand.
	 */
	StallMark mark() {
		return this.mark;
	}

	/**
	 * Asks what the strand is working for. Runs code of the embedder: not for the
	 * monitor, and not under a lock.
	 */
	WorkDescription describe() {
		try {
			return (this.context != null) ? this.context.describe() : WorkDescription.UNKNOWN;
		}
		catch (Throwable ex) {
			return WorkDescription.UNKNOWN; // better a stall without a route than none
		}
	}

	/**
	 * Asks whether nobody is to be blamed for it. Runs code of the embedder, too.
	 */
	boolean isBlameless() {
		try {
			return this.context != null && this.context.isBlameless();
		}
		catch (Throwable ex) {
			return false;
		}
	}

	Stall.Kind kind() {
		return this.kind;
	}

	Thread thread() {
		return this.thread;
	}

	Instant start() {
		return this.start;
	}

	long ageNanos(long now) {
		return now - this.startNanos;
	}

	/**
	 * Returns a view of the stall as it is now.
	 */
	Stall view() {
		return this.stalls.view(this);
	}

	/**
	 * Returns a view. Guarded by the stalls.
	 */
	Stall view(WorkDescription work, long now, boolean running) {
		return new Stall(this.kind, this.thread.getName(), work, this.start, Duration.ofNanos(ageNanos(now)), running,
				this.frame, this.stack);
	}

}
