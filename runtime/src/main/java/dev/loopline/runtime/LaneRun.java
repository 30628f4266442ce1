package dev.loopline.runtime;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.internal.stall.RunningStall;
import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.internal.thread.ThreadProbe;
import dev.loopline.runtime.stall.Stall;

/**
 * One poll of slow work, on a thread beside the workers.
 */
abstract class LaneRun implements Runnable {

	/**
	 * Of the stall threshold. A poll that used less of the processor burned nothing, and
	 * one that did not wait for so long either has only been kept from it.
	 */
	static final int IDLE_SHARE = 4;

	private static final Logger logger = LoggerFactory.getLogger(SlowLane.class);

	private static final ThreadLocal<@Nullable LaneRun> CURRENT = new ThreadLocal<>();

	final SlowLane lane;

	final LaneLine line;

	final LaneLine.Waiting waiting;

	final Work work;

	/** Written before the thread. */
	private long start;

	private long nanos;

	private volatile @Nullable Thread thread;

	/** Written before the end is read from the clock. */
	private volatile boolean over;

	@GuardedBy("this")
	private @Nullable RunningStall stall;

	LaneRun(SlowLane lane, LaneLine line, LaneLine.Waiting waiting) {
		this.lane = lane;
		this.line = line;
		this.waiting = waiting;
		this.work = waiting.work();
	}

	/**
	 * Returns the run that the calling thread is inside of, if any.
	 */
	static @Nullable LaneRun current() {
		return CURRENT.get();
	}

	/**
	 * Starts a thread for it.
	 * @param beyond how many threads more than the maximum may be busy with it
	 * @return {@code false} if there is none
	 */
	abstract boolean start(int beyond);

	/**
	 * Runs the work on the calling thread.
	 */
	final void pollOnce() {
		this.start = this.lane.nanos();
		this.thread = Thread.currentThread();
		CURRENT.set(this);
		try {
			if (this.work.isBlocking()) {
				poll();
			}
			else {
				pollLearned();
			}
		}
		catch (Throwable ex) {
			Failures.error(logger, ex, "{} failed", this.work);
		}
		CURRENT.remove();
		Thread.interrupted(); // not the next one's
	}

	/** A frame by which tools that look for blocking calls know what must not. */
	private void pollLearned() {
		poll();
	}

	private void poll() {
		boolean again = this.lane.poll(this.work, this.start);
		this.over = true;
		long end = this.lane.nanos();
		this.nanos = end - this.start;
		this.work.endPoll(this.nanos);
		Strand.Pace pace = pace(this.nanos);
		this.work.ranBeside(pace);
		if (again) {
			this.lane.again(this.work, end);
		}
	}

	/**
	 * Returns how the poll has gone.
	 * @param nanos how long it has lasted
	 * @return {@code null} if it was slow and nobody has seen why
	 */
	abstract Strand.@Nullable Pace pace(long nanos);

	final Strand.@Nullable Pace paceSoFar() {
		return pace(this.lane.nanos() - this.start);
	}

	/**
	 * Looks at what the poll does. Called by the monitor.
	 * @param since what happened before does not count
	 */
	abstract void check(ThreadProbe probe, long now, long since);

	/**
	 * Draws the conclusions. Called by the monitor, after that, with the lane's monitor
	 * held.
	 * @return whether there is more to see
	 */
	abstract boolean observe(ThreadProbe probe, long now);

	/**
	 * Begins a stall of the poll, unless there is one.
	 */
	final synchronized void stall(Stall.Kind kind, Thread thread, long now) {
		if (this.stall == null && !this.over) {
			this.stall = this.lane.stalls()
				.open(kind, this.work.stackOwner(thread), this.work.context(), this.work.route(), this.work::stalled,
						() -> !this.over, this.start, now);
		}
	}

	/**
	 * Ends a run on a virtual thread. Called by another thread.
	 */
	final void end() {
		this.lane.ended(this);
		endStall(this.start + this.nanos);
	}

	/**
	 * Ends the stall, which nobody begins once this is off the list of the lane.
	 */
	final void endStall(long end) {
		RunningStall stall;
		synchronized (this) {
			stall = this.stall;
		}
		if (stall != null) {
			stall.end(end);
		}
	}

	final long startNanos() {
		return this.start;
	}

	final long nanos() {
		return this.nanos;
	}

	/**
	 * Returns the thread, once it runs.
	 */
	final @Nullable Thread thread() {
		return this.thread;
	}

	final boolean isOver() {
		return this.over;
	}

}
