package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.internal.stall.RunningStall;
import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.stall.WorkContext;
import dev.loopline.runtime.time.Ticker;

/**
 * What is left of a virtual thread, up to where it waits next.
 */
final class Continuation extends Work {

	private static final Logger logger = LoggerFactory.getLogger(Continuation.class);

	private final MountedRun run;

	private final Runnable rest;

	/** Whether it is of the run's own thread and not of one that was made within. */
	private final boolean own;

	private final long sinceNanos;

	Continuation(MountedRun run, Runnable rest, boolean own, Strand.Pace pace) {
		super(false, Strand.Pace.FAST, false);
		this.run = run;
		this.rest = rest;
		this.own = own;
		this.sinceNanos = run.lane.nanos();
		super.setPace(pace);
		queueApart();
	}

	@Override
	boolean poll(int budget, long quantumNanos, Ticker ticker, long start) {
		if (this.own) {
			// The worker may have read the clock before this was queued
			this.run.mounted(Math.max(0, start - this.sinceNanos), start);
		}
		try {
			this.rest.run();
		}
		catch (Throwable ex) { // what the thread itself throws does not get here
			Failures.error(logger, ex, "A virtual thread could not go on");
		}
		if (this.own) {
			this.run.unmounted(ticker.nanos() - start);
		}
		return false;
	}

	/**
	 * Goes on elsewhere: a thread that still waits at the end of the runtime may hold
	 * what others need.
	 */
	@Override
	void close() {
		Thread carrier = new Thread(this.rest, "loopline-carrier");
		carrier.setDaemon(true);
		carrier.start();
	}

	@Override
	@Nullable WorkContext context() {
		return (this.own && !this.run.isOver()) ? this.run.work.context() : null;
	}

	@Override
	void stalled(RunningStall stall) {
		if (this.own) {
			this.run.work.stalled(stall);
		}
	}

	@Override
	void lostWorker(Strand.Pace pace) {
		super.lostWorker(pace);
		if (this.own) {
			this.run.lostWorker(pace);
			this.run.work.lostWorker(pace);
		}
	}

	@Override
	void setPace(Strand.Pace pace) {
		super.setPace(pace);
		if (this.own) {
			this.run.setContinuationPace(pace);
		}
	}

	@Override
	@Nullable Object route() {
		return this.run.work.route();
	}

	/** That of the carrier shows nothing of the virtual thread. */
	@Override
	Thread stackOwner(Thread poller) {
		Thread thread = this.run.thread();
		return (this.own && thread != null) ? thread : poller;
	}

	@Override
	boolean needsThread() {
		return true;
	}

}
