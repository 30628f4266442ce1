package dev.loopline.runtime;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.stall.StallCheck;
import dev.loopline.runtime.internal.thread.ThreadProbe;
import dev.loopline.runtime.stall.Stall;

/**
 * A poll that the monitor looks at to see what it does.
 */
abstract class WatchedRun extends LaneRun {

	/** Only for the monitor, as is the next one. */
	private final StallCheck check = new StallCheck();

	private long checkedSince;

	/** How often the monitor looked, and how often it found the thread waiting. */
	@GuardedBy("this")
	private int looks;

	@GuardedBy("this")
	private int waits;

	/** The processor time between the first and the last look. */
	@GuardedBy("this")
	private long usedNanos;

	/** That, and the time in which it waited for something else. */
	@GuardedBy("this")
	private long ownNanos;

	WatchedRun(SlowLane lane, LaneLine line, LaneLine.Waiting waiting) {
		super(lane, line, waiting);
	}

	/**
	 * Looks at what the poll does until that is known.
	 */
	@Override
	void check(ThreadProbe probe, long now, long since) {
		Thread thread = thread();
		if (thread != null && !this.work.isBlocking() && !isStalled()) {
			if (since != this.checkedSince) {
				this.checkedSince = since;
				this.check.reset();
			}
			if (this.check.mayBeStalled(this.lane.threshold(), now)) {
				this.check.observe(thread, probe, Math.max(startNanos(), since), now);
			}
		}
	}

	/**
	 * Takes note of a look.
	 * @param waits whether the thread was found waiting
	 */
	final void look(Thread thread, boolean waits, long now) {
		synchronized (this) {
			this.looks++;
			this.waits += waits ? 1 : 0;
			this.usedNanos = this.check.usedNanos();
			this.ownNanos = this.check.ownNanos();
		}
		if (isStalled()) {
			stall(this.check.isBurning() ? Stall.Kind.BURNING : Stall.Kind.BLOCKING, thread, now);
		}
	}

	/**
	 * Returns whether it is known what the poll does. Only for the monitor.
	 */
	final boolean isStalled() {
		return this.check.isStalled(this.lane.threshold());
	}

	@Override
	final synchronized Strand.@Nullable Pace pace(long nanos) {
		long threshold = this.lane.threshold();
		if (nanos < threshold) {
			return Strand.Pace.FAST;
		}
		if (this.looks < 2) {
			return null;
		}
		if (2 * this.waits >= this.looks && this.ownNanos >= threshold / IDLE_SHARE) {
			return Strand.Pace.BLOCKING;
		}
		return (this.usedNanos >= threshold / IDLE_SHARE) ? Strand.Pace.BURNING : Strand.Pace.FAST;
	}

}
