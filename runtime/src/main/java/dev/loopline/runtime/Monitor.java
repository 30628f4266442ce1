package dev.loopline.runtime;

import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * Watches the running polls from a thread of its own and comes to the aid of what waits
 * behind a long one.
 */
final class Monitor implements Runnable {

	/*-
	 * One look
	 * --------
	 * 1. A poll has kept its worker's I/O, timers and queue waiting for a while, and somebody sleeps:
	 *    wake a sleeper, who steals the queue and polls the driver of the busy worker.
	 * 2. A poll outlasts the stall threshold: hand the worker to a spare thread (Handoff), so that it
	 *    goes on even when nobody sleeps.
	 *
	 * Fairness
	 * --------
	 * On a crowded machine a thread can lose the processor in the middle of a fast poll. A runnable
	 * thread is taken for stalled only if it has used the processor for at least half of the time since
	 * the second look at this poll; most polls are over long before that. And when the monitor itself
	 * wakes up far too late, everybody was paused: all observations start anew.
	 */

	/** Between two looks while there are slow polls. */
	private static final long ALERT_NANOS = 2_000_000;

	/**
	 * Between two looks while all polls are short. A look costs about 5 us, and as much
	 * again for the two context switches on a processor that has better to do.
	 */
	private static final long CALM_NANOS = 5_000_000;

	/** How long the monitor stays alert after the last stall. */
	private static final long ALERT_TIME_NANOS = 1_000_000_000;

	/**
	 * The longest time between two looks while all workers sleep: 50 wake-ups a second.
	 */
	private static final long IDLE_NANOS = 20_000_000;

	/** A wake-up that is later than this was a pause of the whole process. */
	private static final long PAUSE_NANOS = 10_000_000;

	private final TaskRuntime runtime;

	private final Ticker ticker;

	private final ThreadProbe probe;

	private final long threshold;

	private final Observation[] observations;

	private long period = CALM_NANOS;

	private long alertUntil;

	private long lastLook;

	/**
	 * Stalls that were handed off and those that found no spare thread. Written by the
	 * monitor.
	 */
	private volatile long handoffs;

	private volatile long exhaustions;

	private volatile @Nullable Thread thread;

	private volatile boolean stopped;

	Monitor(TaskRuntime runtime, ThreadProbe probe) {
		this.runtime = runtime;
		this.ticker = runtime.config().ticker();
		this.probe = probe;
		this.threshold = runtime.config().stallThreshold().toNanos();
		this.observations = new Observation[runtime.config().workers()];
		for (int i = 0; i < this.observations.length; i++) {
			this.observations[i] = new Observation();
		}
		this.lastLook = this.ticker.nanos();
		this.alertUntil = this.lastLook;
	}

	@Override
	public void run() {
		this.thread = Thread.currentThread();
		while (!this.stopped) {
			LockSupport.parkNanos(this, this.period);
			look();
		}
	}

	void stop() {
		this.stopped = true;
		LockSupport.unpark(this.thread);
	}

	/**
	 * Looks at every worker once.
	 */
	void look() {
		long now = this.ticker.nanos();
		boolean paused = now - this.lastLook > this.period + PAUSE_NANOS;
		this.lastLook = now;
		boolean busy = false;
		boolean waiting = false;
		for (Worker worker : this.runtime.workers()) {
			WorkerThread owner = worker.owner;
			long start = (owner != null) ? owner.pollStart() : 0;
			busy |= start > 0;
			if (owner != null && start > 0 && !paused) {
				waiting |= now - start >= this.runtime.driverDelayNanos();
				inspect(worker, owner, start, now);
			}
			else {
				this.observations[worker.index].forget();
			}
		}
		for (WorkerThread thread : this.runtime.threads()) {
			// It may have queued a strand just when its worker was taken away.
			waiting |= thread.isSeized() && thread.hasQueuedWork();
		}
		if (waiting && this.runtime.idleSet().parked() > 0) {
			this.runtime.notifyWorker();
		}
		SlowLane lane = this.runtime.slowLane();
		if (!lane.isIdle()) {
			busy = true;
			this.alertUntil = now + ALERT_TIME_NANOS;
			lane.look(this.probe);
		}
		this.period = nextPeriod(busy, now);
	}

	private long nextPeriod(boolean busy, long now) {
		if (!busy) {
			return Math.min(IDLE_NANOS, this.period * 2);
		}
		return (now < this.alertUntil) ? ALERT_NANOS : CALM_NANOS;
	}

	private void inspect(Worker worker, WorkerThread owner, long start, long now) {
		Observation observation = this.observations[worker.index];
		Thread thread = owner.thread();
		if (thread == null) {
			return;
		}
		if (!observation.isOf(owner, start)) {
			observation.begin(owner, start);
			return;
		}
		if (!observation.hasSample) {
			observation.sample(now, this.probe.cpuNanos(thread));
		}
		if (observation.handedOff || worker.token.isReserved() || now - start < this.threshold
				|| !isStalled(thread, observation, now)) {
			return;
		}
		this.alertUntil = now + ALERT_TIME_NANOS;
		if (Handoff.start(this.runtime, worker, owner, start, paceOf(thread))) {
			observation.handedOff = true; // the spare thread may take a while to start
			this.handoffs++;
		}
		else {
			this.exhaustions++;
		}
	}

	private Strand.Pace paceOf(Thread thread) {
		return this.probe.isRunnable(thread) ? Strand.Pace.BURNING : Strand.Pace.BLOCKING;
	}

	private boolean isStalled(Thread thread, Observation observation, long now) {
		if (!this.probe.isRunnable(thread)) {
			return true;
		}
		long used = this.probe.cpuNanos(thread) - observation.cpuNanos;
		return now > observation.nanos && 2 * used >= now - observation.nanos;
	}

	long handoffs() {
		return this.handoffs;
	}

	long exhaustions() {
		return this.exhaustions;
	}

	/**
	 * What is known of a poll that was seen before.
	 */
	private static final class Observation {

		private @Nullable WorkerThread owner;

		private long pollStart;

		private boolean hasSample;

		private long nanos;

		private long cpuNanos;

		private boolean handedOff;

		boolean isOf(WorkerThread owner, long pollStart) {
			return this.owner == owner && this.pollStart == pollStart;
		}

		void begin(WorkerThread owner, long pollStart) {
			this.owner = owner;
			this.pollStart = pollStart;
			this.hasSample = false;
			this.handedOff = false;
		}

		void sample(long nanos, long cpuNanos) {
			this.nanos = nanos;
			this.cpuNanos = cpuNanos;
			this.hasSample = true;
		}

		void forget() {
			this.owner = null;
		}

	}

}
