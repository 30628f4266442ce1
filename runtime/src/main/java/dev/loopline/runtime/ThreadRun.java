package dev.loopline.runtime;

import dev.loopline.runtime.internal.thread.ThreadProbe;

/**
 * A poll on a thread of the pool, which goes on with what waits next.
 */
final class ThreadRun extends WatchedRun {

	/** As far as is known. Guarded by the lane. */
	private boolean blocked;

	ThreadRun(SlowLane lane, LaneLine line, LaneLine.Waiting waiting) {
		super(lane, line, waiting);
		this.blocked = waiting.kind() != LaneLine.Kind.BURNING;
	}

	@Override
	boolean start(int beyond) {
		return this.lane.pool().tryExecute(this, beyond);
	}

	@Override
	public void run() {
		for (ThreadRun run = this; run != null;) {
			run.pollOnce();
			long end = this.lane.nanos();
			ThreadRun next = this.lane.finished(run);
			run.endStall(end);
			run = next;
		}
	}

	@Override
	boolean observe(ThreadProbe probe, long now) {
		Thread thread = thread();
		if (thread != null) {
			if (this.blocked == probe.isRunnable(thread)) {
				this.blocked = !this.blocked;
				this.lane.changeRunnable(this.blocked ? -1 : 1);
			}
			look(thread, this.blocked, now);
		}
		return true; // whether it waits may change
	}

	/**
	 * Returns whether the thread waits for something, as far as is known.
	 */
	boolean isBlocked() {
		return this.blocked;
	}

}
