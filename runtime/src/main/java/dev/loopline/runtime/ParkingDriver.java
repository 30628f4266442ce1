package dev.loopline.runtime;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.io.DriverToken;
import dev.loopline.runtime.io.IoDriver;
import dev.loopline.runtime.time.Ticker;

/**
 * An {@link IoDriver} without events: the worker just parks.
 */
final class ParkingDriver implements IoDriver {

	private final DriverToken token;

	private volatile @Nullable Thread sleeper;

	ParkingDriver(DriverToken token) {
		this.token = token;
	}

	@Override
	public int poll(PollContext context) {
		this.sleeper = Thread.currentThread();
		if (context.canBlock()) {
			long deadline = context.deadlineNanos();
			if (deadline == Long.MAX_VALUE) {
				LockSupport.park(this);
			}
			else {
				LockSupport.parkNanos(this, deadline - Ticker.system().nanos());
			}
		}
		this.sleeper = null;
		return 0;
	}

	@Override
	public void wakeup() {
		// What the sleeper is woken for comes before the look at it
		VarHandle.fullFence();
		Thread sleeper = this.sleeper;
		if (sleeper != null && !this.token.isHeldBy(Thread.currentThread())) {
			LockSupport.unpark(sleeper);
		}
	}

}
