package dev.loopline.runtime;

import dev.loopline.runtime.internal.thread.ThreadProbe;
import dev.loopline.runtime.internal.thread.VirtualProbe;

/**
 * A poll on a virtual thread that the JDK schedules.
 */
final class VirtualRun extends WatchedRun {

	private final VirtualProbe probe = new VirtualProbe();

	VirtualRun(SlowLane lane, LaneLine line, LaneLine.Waiting waiting) {
		super(lane, line, waiting);
	}

	@Override
	boolean start(int beyond) {
		return this.lane.startVirtual(this, null);
	}

	@Override
	public void run() {
		pollOnce();
		this.lane.endLater(this);
	}

	/** Nobody else knows the processor time of a virtual thread. */
	@Override
	void check(ThreadProbe system, long now, long since) {
		super.check(this.probe.at(now), now, since);
	}

	@Override
	boolean observe(ThreadProbe system, long now) {
		Thread thread = thread();
		if (thread != null) {
			look(thread, this.probe.isWaiting(thread), now);
		}
		return !isStalled();
	}

}
