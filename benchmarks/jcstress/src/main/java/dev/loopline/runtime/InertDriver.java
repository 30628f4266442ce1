package dev.loopline.runtime;

import dev.loopline.runtime.io.DriverToken;
import dev.loopline.runtime.io.IoDriver;

/**
 * A driver that never sleeps, but keeps in mind whether it would have.
 */
final class InertDriver implements IoDriver {

	/** Stands for the flag that a real driver arms before it asks for the last time. */
	private volatile boolean armed;

	/** Whether the last poll would have blocked. */
	volatile boolean slept;

	/** Whether a wake-up reached an armed driver. */
	volatile boolean woken;

	InertDriver(DriverToken token) {
	}

	@Override
	public int poll(PollContext context) {
		this.armed = true;
		this.slept = context.canBlock();
		return 0;
	}

	@Override
	public void wakeup() {
		if (this.armed) {
			this.woken = true;
		}
	}

}
