package dev.loopline.runtime;

import dev.loopline.runtime.internal.thread.ThreadProbe;

/**
 * A poll on a thread of the pool, which goes on with what waits next.
 */
final class ThreadRun extends WatchedRun {

	/** As far as is known. Guarded by the lane. */
	private boolean blocked;

	/**
	 * Processor time at the last look at a burner. Only for the monitor, as is the next
	 * one.
	 */
	private long cpuNanos = -1;

	/** Processor time since the look before; at the first one, all that there was. */
	private long burned;

	ThreadRun(SlowLane lane, LaneLine line, LaneLine.Waiting waiting) {
		super(lane, line, waiting);
		this.blocked = waiting.kind() != LaneLine.Kind.BURNING;
	}

	@Override
	boolean start(int beyond) {
		return this.lane.pool().tryExecuteSoon(this, beyond);
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
	void check(ThreadProbe probe, long now, long since) {
		super.check(probe, now, since);
		Thread thread = thread();
		if (thread != null && this.waiting.kind() == LaneLine.Kind.BURNING) {
			long cpu = probe.cpuNanos(thread);
			this.burned = (this.cpuNanos < 0) ? now - startNanos() : cpu - this.cpuNanos;
			this.cpuNanos = cpu;
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
			this.lane.burned(this.burned);
			this.burned = 0;
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
