package dev.loopline.runtime;

import dev.loopline.runtime.io.DriverToken;
import dev.loopline.runtime.io.IoDriver;

/**
 * A driver that always reports an event, though it queues nothing.
 */
final class RestlessDriver implements IoDriver {

	RestlessDriver(DriverToken token) {
	}

	@Override
	public int poll(PollContext context) {
		Thread.yield();
		return 1;
	}

	@Override
	public void wakeup() {
	}

}
