package dev.loopline.runtime;

import dev.loopline.runtime.io.DriverToken;
import dev.loopline.runtime.io.IoDriver;

/**
 * A driver that gives the thread of its worker back before it begins.
 */
final class RestingDriver implements IoDriver {

	RestingDriver(DriverToken token) {
	}

	@Override
	public Runnable decorate(Runnable loop) {
		return () -> {
		};
	}

	@Override
	public int poll(PollContext context) {
		return 0;
	}

	@Override
	public void wakeup() {
	}

}
