package dev.loopline.runtime;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.loopline.runtime.io.DriverToken;
import dev.loopline.runtime.io.IoDriver;

/**
 * An {@link IoDriver} whose events a test makes, and that sleeps until it is woken
 * whatever the clock says. Safe for use by many threads.
 */
final class ManualIoDriver implements IoDriver {

	private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();

	private volatile Thread sleeper;

	private volatile boolean woken;

	private final AtomicInteger prepared = new AtomicInteger();

	private final AtomicInteger destroyed = new AtomicInteger();

	private final AtomicInteger latePolls = new AtomicInteger();

	@Override
	public int poll(PollContext context) {
		if (this.destroyed.get() > 0) {
			this.latePolls.incrementAndGet();
		}
		this.sleeper = Thread.currentThread();
		while (this.events.isEmpty() && context.canBlock()) {
			if (this.woken) {
				this.woken = false;
				break;
			}
			LockSupport.park(this);
		}
		this.sleeper = null;
		int dispatched = 0;
		for (Runnable event = this.events.poll(); event != null; event = this.events.poll()) {
			event.run();
			dispatched++;
		}
		return dispatched;
	}

	@Override
	public void wakeup() {
		this.woken = true;
		LockSupport.unpark(this.sleeper);
	}

	@Override
	public boolean hasWork() {
		return !this.events.isEmpty();
	}

	@Override
	public void prepareToDestroy() {
		this.prepared.incrementAndGet();
	}

	@Override
	public void destroy() {
		this.destroyed.incrementAndGet();
	}

	/**
	 * Adds an event without waking anybody.
	 */
	void event(Runnable dispatch) {
		this.events.add(dispatch);
	}

	int prepared() {
		return this.prepared.get();
	}

	int destroyed() {
		return this.destroyed.get();
	}

	int latePolls() {
		return this.latePolls.get();
	}

	/**
	 * Makes drivers and keeps them in the order of their workers.
	 */
	static final class Factory implements IoDriver.Factory {

		private final List<ManualIoDriver> drivers = new CopyOnWriteArrayList<>();

		@Override
		public IoDriver create(DriverToken token) {
			ManualIoDriver driver = new ManualIoDriver();
			this.drivers.add(driver);
			return driver;
		}

		ManualIoDriver driver(int worker) {
			return this.drivers.get(worker);
		}

		List<ManualIoDriver> drivers() {
			return this.drivers;
		}

	}

}
