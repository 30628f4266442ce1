package dev.loopline.runtime;

import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.internal.stall.RunningStall;
import dev.loopline.runtime.internal.stall.StallCheck;
import dev.loopline.runtime.internal.stall.StallRecorder;
import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.internal.thread.ThreadJoin;
import dev.loopline.runtime.internal.thread.ThreadProbe;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.time.Ticker;

/**
 * Watches the running polls from a thread of its own and comes to the aid of what waits
 * behind a long one.
 */
final class Monitor implements Runnable {

	/*-
	 * One look
	 * --------
	 * 1. A poll has kept its worker's I/O, timers and queue waiting for a while, and somebody sleeps:
	 *    wake a sleeper, who steals the queue and polls the driver of the busy worker. Likewise if fewer
	 *    workers may be awake than there are, and those make nothing of what waits (IdleSet, step 6).
	 * 2. A poll outlasts the stall threshold: hand the worker to a spare thread (Handoff), so that it
	 *    goes on even when nobody sleeps. The stall is recorded (StallRecorder), also if there is no spare thread.
	 *
	 * Fairness
	 * --------
	 * On a crowded machine a thread can lose the processor in the middle of a fast poll. So what its poll
	 * did is looked at once it keeps others waiting, and only its own time counts (StallCheck); most polls
	 * are over long before that. And when the monitor itself wakes up far too late, everybody was paused:
	 * all observations start anew, and what was before does not count.
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

	/**
	 * Between two looks once nothing has run for a second: a worker that wakes up ends
	 * such a rest.
	 */
	private static final long REST_NANOS = 100_000_000;

	/** Idle looks before a rest. */
	private static final int IDLE_LOOKS = 50;

	/** A wake-up that is later than this was a pause of the whole process. */
	private static final long PAUSE_NANOS = 10_000_000;

	private static final long FAILURE_PAUSE_NANOS = 1_000_000_000;

	private static final Logger logger = LoggerFactory.getLogger(Monitor.class);

	private final Scheduler scheduler;

	private final Processors processors;

	private final IdleSet idleSet;

	private final SlowLane slowLane;

	private final StallRecorder stalls;

	private final long driverDelayNanos;

	private final Ticker ticker;

	private final ThreadProbe probe;

	private final long threshold;

	private final Observation[] observations;

	private long period = CALM_NANOS;

	/** Looks in a row that found nothing. */
	private int idleLooks;

	/** What the workers had polled at the last look, while not all may be awake. */
	private long polls;

	private final MonitorRest rest;

	private final QueueDelay queueDelay;

	private long alertUntil;

	private long lastLook;

	/** When the last pause of the whole process ended. */
	private long resumed;

	private final Exhaustion exhaustion;

	/** Whether a stuck worker was refused a thread in this look. */
	private boolean refused;

	/**
	 * StallRecorder that were handed off and those that found no spare thread. Written by
	 * the monitor.
	 */
	private volatile long handoffs;

	private volatile long exhaustions;

	private volatile @Nullable Thread thread;

	private volatile boolean stopped;

	Monitor(Scheduler scheduler, ThreadProbe probe) {
		this.scheduler = scheduler;
		this.ticker = scheduler.ticker();
		this.processors = scheduler.processors();
		this.idleSet = scheduler.idleSet();
		this.slowLane = scheduler.slowLane();
		this.stalls = scheduler.stalls();
		this.driverDelayNanos = scheduler.config().driverDelay().toNanos();
		this.probe = probe;
		this.threshold = scheduler.config().stallThreshold().toNanos();
		this.observations = new Observation[scheduler.config().workers()];
		for (int i = 0; i < this.observations.length; i++) {
			this.observations[i] = new Observation();
		}
		this.rest = new MonitorRest(this.idleSet);
		this.lastLook = this.ticker.nanos();
		this.queueDelay = new QueueDelay(this.processors::awake, this.lastLook);
		this.alertUntil = this.lastLook;
		this.resumed = this.lastLook;
		this.exhaustion = new Exhaustion(scheduler.config().blockingThreads() + scheduler.reserve().total(),
				scheduler.blockingPool(), this.stalls.reporter());
	}

	@Override
	public void run() {
		this.thread = Thread.currentThread();
		long pause = this.period;
		while (!this.stopped) {
			try {
				LockSupport.parkNanos(this, pause);
				tick();
				pause = this.period;
			}
			catch (Throwable ex) {
				Failures.error(logger, ex, "The monitor failed and goes on in a second");
				pause = FAILURE_PAUSE_NANOS;
			}
		}
	}

	void stop() {
		this.stopped = true;
		LockSupport.unpark(this.thread);
	}

	void awaitEnd(long deadlineNanos) {
		ThreadJoin.await(this.thread, deadlineNanos);
	}

	/**
	 * Looks at every worker once.
	 */
	void tick() {
		long now = this.ticker.nanos();
		boolean paused = now - this.lastLook > this.period + PAUSE_NANOS;
		this.lastLook = now;
		this.resumed = paused ? now : this.resumed;
		this.refused = false;
		if (this.processors.update(now)) {
			this.idleSet.limit(this.processors.awake());
			this.scheduler.notifyWorker(); // for what waits already if more may be awake
		}
		boolean busy = false;
		boolean waiting = this.idleSet.isLimited() && isStuck();
		for (Worker worker : this.scheduler.workers()) {
			WorkerThread owner = worker.owner;
			long start = (owner != null) ? owner.pollStart() : 0;
			busy |= start > 0;
			if (owner == null || start <= 0) {
				this.observations[worker.index].forget(now);
			}
			else {
				if (paused) {
					this.observations[worker.index].check.reset();
				}
				waiting |= now - start >= this.driverDelayNanos;
				inspect(worker, owner, start, now);
			}
		}
		for (WorkerThread thread : this.scheduler.threads()) {
			// It may have queued a strand just when its worker was taken away.
			waiting |= thread.isSeized() && thread.hasQueuedWork();
		}
		if (waiting && this.idleSet.parked() > 0) {
			this.scheduler.rescueWork();
		}
		if (!this.slowLane.isIdle()) {
			busy = true;
			this.alertUntil = now + ALERT_TIME_NANOS;
			this.slowLane.tick(this.probe, now, this.resumed);
		}
		if (!paused) {
			this.exhaustion.update(this.refused, now);
		}
		this.stalls.tick(now, this.probe);
		this.queueDelay.tick(now, this.scheduler.workers());
		this.period = nextPeriod(busy, now);
	}

	/**
	 * Returns whether work waits and nothing was polled since the last look: who is awake
	 * may have failed, or have no thread yet.
	 */
	private boolean isStuck() {
		long before = this.polls;
		this.polls = 0;
		for (WorkerThread thread : this.scheduler.threads()) {
			this.polls += thread.stats.polls;
		}
		return this.polls == before && this.scheduler.hasQueuedWork();
	}

	private long nextPeriod(boolean busy, long now) {
		boolean woken = this.period == REST_NANOS && !this.rest.isResting();
		this.idleLooks = (busy || woken) ? 0 : this.idleLooks + 1;
		if (busy) {
			this.rest.end();
			return (now < this.alertUntil) ? ALERT_NANOS : CALM_NANOS;
		}
		if (woken) {
			return CALM_NANOS;
		}
		return (this.idleLooks > IDLE_LOOKS && this.rest.begin()) ? REST_NANOS : Math.min(IDLE_NANOS, this.period * 2);
	}

	/**
	 * Says that a worker has woken up. For any thread.
	 */
	void workerWokeUp() {
		if (this.rest.end()) {
			LockSupport.unpark(this.thread);
		}
	}

	long periodNanos() {
		return this.period;
	}

	@SuppressWarnings("NonAtomicVolatileUpdate") // single writer
	private void inspect(Worker worker, WorkerThread owner, long start, long now) {
		Observation observation = this.observations[worker.index];
		Thread thread = owner.thread();
		if (thread == null) {
			return;
		}
		if (!observation.isOf(owner, start)) {
			observation.forget(now);
			observation.begin(owner, start);
		}
		if (observation.handedOff || worker.token.isReserved() || now - start < this.driverDelayNanos) {
			return;
		}
		observation.check.observe(thread, this.probe, Math.max(start, this.resumed), now);
		if (!observation.check.isStalled(this.threshold)) {
			return;
		}
		this.alertUntil = now + ALERT_TIME_NANOS;
		boolean burning = observation.check.isBurning();
		if (observation.stall == null) {
			observation.stall = openStall(owner, thread, burning, start, now);
		}
		Strand.Pace pace = burning ? Strand.Pace.BURNING : Strand.Pace.BLOCKING;
		if (Handoff.start(this.scheduler, worker, owner, start, pace)) {
			observation.handedOff = true; // the spare thread may take a while to start
			this.handoffs++;
		}
		else {
			this.exhaustions++;
			this.refused = true;
		}
	}

	private @Nullable RunningStall openStall(WorkerThread owner, Thread thread, boolean burning, long start, long now) {
		Work work = owner.running();
		if (work == null || owner.pollStart() != start) {
			return null; // it has gone on just now
		}
		Stall.Kind kind = burning ? Stall.Kind.BURNING : Stall.Kind.BLOCKING;
		RunningStall stall = this.stalls.open(kind, work.stackOwner(thread), work.context(), work::stalled,
				() -> owner.isInPoll(start), start, now);
		owner.watch(stall);
		return stall;
	}

	QueueDelay queueDelay() {
		return this.queueDelay;
	}

	Exhaustion exhaustion() {
		return this.exhaustion;
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

		private final StallCheck check = new StallCheck();

		private @Nullable RunningStall stall;

		private boolean handedOff;

		boolean isOf(WorkerThread owner, long pollStart) {
			return this.owner == owner && this.pollStart == pollStart;
		}

		void begin(WorkerThread owner, long pollStart) {
			this.owner = owner;
			this.pollStart = pollStart;
			this.check.reset();
			this.handedOff = false;
		}

		/**
		 * Ends the observation of a poll that is over, or in which the worker was taken
		 * away: then the thread itself ends the stall.
		 */
		void forget(long now) {
			if (this.stall != null && this.owner != null && !this.owner.isSeized()) {
				this.stall.end(now);
			}
			this.stall = null;
			this.owner = null;
		}

	}

}
