package dev.loopline.runtime;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import dev.loopline.runtime.io.DriverToken;
import dev.loopline.runtime.io.IoDriver;

/**
 * An {@link IoDriver} without events that notices when it is used without its token or by
 * two threads at a time. Safe for use by many threads.
 */
final class CheckedIoDriver implements IoDriver {

	private final DriverToken token;

	private final ManualIoDriver delegate = new ManualIoDriver();

	private final AtomicInteger inside = new AtomicInteger();

	private final Set<Thread> pollers = ConcurrentHashMap.newKeySet();

	private final AtomicInteger violations = new AtomicInteger();

	CheckedIoDriver(DriverToken token) {
		this.token = token;
	}

	@Override
	public int poll(PollContext context) {
		this.pollers.add(Thread.currentThread());
		enter();
		try {
			return this.delegate.poll(context);
		}
		finally {
			leave();
		}
	}

	@Override
	public void wakeup() {
		this.delegate.wakeup();
	}

	@Override
	public boolean hasWork() {
		return this.delegate.hasWork();
	}

	@Override
	public void prepareToDestroy() {
		enter();
		leave();
	}

	@Override
	public void destroy() {
		enter();
		this.delegate.destroy();
		leave();
	}

	private void enter() {
		if (this.inside.incrementAndGet() != 1 || !this.token.isHeldBy(Thread.currentThread())) {
			this.violations.incrementAndGet();
		}
	}

	private void leave() {
		if (this.inside.decrementAndGet() != 0 || !this.token.isHeldBy(Thread.currentThread())) {
			this.violations.incrementAndGet();
		}
	}

	Set<Thread> pollers() {
		return this.pollers;
	}

	void forgetPollers() {
		this.pollers.clear();
	}

	int violations() {
		return this.violations.get() + this.delegate.latePolls();
	}

}
