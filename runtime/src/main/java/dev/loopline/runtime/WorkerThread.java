package dev.loopline.runtime;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.internal.queue.Injector;
import dev.loopline.runtime.internal.queue.Padding;
import dev.loopline.runtime.internal.stall.RunningStall;
import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.time.Ticker;

/**
 * The loop of a thread that runs a {@link Worker}, with the run queue of that thread.
 */
final class WorkerThread extends Padding implements Runnable {

	/*-
	 * One tick
	 * --------
	 * 1. Every eventInterval ticks, or when the driver has waited too long: poll driver and timers.
	 * 2. Every globalInterval ticks: look into the injector first.
	 * 3. Run the last-woken strand (at most lifoPolls in a row), else the oldest of the run queue, else
	 *    take a batch from the injector.
	 * 4. Nothing: poll the driver; steal from other threads; poll the drivers of busy peers; park.
	 *
	 * Who owns what
	 * -------------
	 * Queue, slot and counters belong to the thread, driver and timers to the worker. A thread that
	 * finds, between two polls, that its worker has another owner touches nothing of the worker any
	 * more and hands its queue to the injector. So no queue ever has two producers.
	 */

	private static final Logger logger = LoggerFactory.getLogger(WorkerThread.class);

	/** Between a failure of the driver and the next try, as Netty's loops pause. */
	private static final long FAILURE_PAUSE_NANOS = 1_000_000_000;

	private final Scheduler scheduler;

	private final TaskRuntimeConfig config;

	private final Worker worker;

	/** Whether this thread runs the worker only until its heir is back. */
	private final boolean standIn;

	private final int eventInterval;

	private final int budget;

	private final long quantumNanos;

	private final long lifoStealDelayNanos;

	private final Ticker ticker;

	final WorkerStats stats = new WorkerStats();

	final QueueWaits queueWaits = new QueueWaits();

	private final LocalQueue queue;

	private final Injector<Work> injector;

	private final SlowLane slowLane;

	private final PollInterval globalInterval;

	private final PollClock clock;

	private final PriorityTurns turns;

	private final DriverPoller driverPoller;

	private final Searcher searcher;

	private final PollState pollState = new PollState();

	final Succession succession;

	/** Whether the last look found no work. Read by the shutdown. */
	private volatile boolean idle;

	private volatile @Nullable Thread thread;

	private int tick;

	private int lastMaintenance;

	/** Whether the worker was taken away from this thread. */
	private boolean seized;

	WorkerThread(Scheduler scheduler, Worker worker, boolean standIn, long seed) {
		this.scheduler = scheduler;
		this.config = scheduler.config();
		this.worker = worker;
		this.standIn = standIn;
		this.succession = new Succession(scheduler, worker, this, standIn);
		this.eventInterval = this.config.eventInterval();
		this.budget = this.config.budget();
		this.quantumNanos = this.config.quantum().toNanos();
		this.lifoStealDelayNanos = this.config.lifoStealDelay().toNanos();
		this.ticker = this.config.ticker();
		this.injector = scheduler.injector();
		this.slowLane = scheduler.slowLane();
		this.queue = new LocalQueue(this.config, this.injector, this.stats);
		this.globalInterval = PollInterval.of(this.config);
		this.clock = new PollClock(this.ticker, this.stats, seed);
		this.turns = new PriorityTurns(scheduler.priorityQueues(), this.quantumNanos, this.clock.now());
		this.driverPoller = new DriverPoller(scheduler, worker, this.stats);
		this.searcher = new Searcher(scheduler, this, this.queue, this.driverPoller, seed);
	}

	/**
	 * Returns the worker loop that the calling thread is inside of, if any.
	 */
	static @Nullable WorkerThread current() {
		return RuntimeThread.currentLoop();
	}

	@Override
	public void run() {
		this.thread = Thread.currentThread();
		try {
			RuntimeThread.enter(this);
			this.scheduler.threadStarted(this);
			while (!runUntilEnd()) {
				// It failed and must be run again.
			}
		}
		finally {
			leave();
		}
	}

	/**
	 * Runs the loop. Never throws: nobody else would run the worker.
	 * @return {@code false} if it failed
	 */
	private boolean runUntilEnd() {
		try {
			do {
				loop();
			}
			while (this.seized && this.succession.reclaim());
			return true;
		}
		catch (Throwable ex) {
			return recover(ex);
		}
	}

	private boolean recover(Throwable failure) {
		try {
			long start = pollStart();
			if (isSeized() || start > 0 && !this.pollState.end(start)) {
				this.seized = true;
			}
			Failures.error(logger, failure, "{} failed and goes on in a second", this);
			LockSupport.parkNanos(this, FAILURE_PAUSE_NANOS);
		}
		catch (Throwable ex) {
			// Then at once: whatever it was, this thread is needed.
		}
		return this.scheduler.isShutdown();
	}

	private void loop() {
		this.clock.refresh();
		while (!this.seized && this.worker.owner == this) {
			if (this.standIn && this.succession.giveBack()) {
				return;
			}
			this.tick++;
			if (this.tick - this.lastMaintenance >= this.eventInterval
					|| this.clock.isFresh() && this.driverPoller.isOverdue(this.clock.now())) {
				maintain();
			}
			Work work = next(this.clock.now());
			if (work != null) {
				if (work.isPinned()) {
					pollPinned(work);
				}
				else {
					poll(work);
				}
				continue;
			}
			this.clock.flush();
			if (!findWork()) {
				if (this.scheduler.isShuttingDown()) {
					if (!awaitShutdown()) {
						return;
					}
				}
				else {
					this.searcher.park();
				}
			}
			this.clock.refresh();
		}
	}

	/*
	 * --------------- Running ---------------
	 */

	private void poll(Work work) {
		if (!work.isFast() && !work.isPinned()) {
			this.slowLane.submit(work);
			return;
		}
		boolean again = true; // whatever fails, it must be in a queue until it is polled
		try {
			this.searcher.end();
			boolean timed = work.isTimed();
			long start = this.clock.begin(timed);
			if (timed) {
				began(work, work.beginPoll(start, this.worker.index));
			}
			this.pollState.begin(work, start);
			again = work.poll(this.budget, this.quantumNanos, this.ticker, start);
			long end = this.clock.end(timed);
			if (!this.pollState.end(start)) {
				this.seized = true; // see Handoff
				this.pollState.endStall(this.clock.exact());
			}
			if (timed) {
				work.endPoll(end - start);
			}
			if (again) {
				boolean forced = work
					.yielded(work.isTimedAlways() ? end : this.clock.samples() ? this.clock.exact() : 0);
				this.stats.yields += forced ? 1 : 0;
			}
		}
		finally {
			if (again) {
				requeue(work);
			}
		}
	}

	private void began(Work work, long waited) {
		this.stats.waited(waited, work.isTimedAlways() ? 1 : PollClock.SAMPLE);
		if (work.isNormal() && this.queue.isInTurn() && !work.isPinned()) {
			this.queueWaits.record(waited);
		}
	}

	private void requeue(Work work) {
		if (work.isPinned()) {
			this.worker.schedulePinned(work, this);
		}
		else if (work.isNormal()) {
			this.queue.push(work);
		}
		else {
			this.scheduler.inject(work);
		}
	}

	/**
	 * Returns the work of the running or last poll.
	 */
	@Nullable Work running() {
		return this.pollState.running();
	}

	/**
	 * Returns whether this thread is still inside the given poll, with its worker or
	 * without it.
	 */
	boolean isInPoll(long start) {
		return this.pollState.isIn(start);
	}

	/**
	 * Sets the stall to end in case the worker is taken away.
	 */
	void watch(RunningStall stall) {
		this.pollState.watch(stall);
	}

	/**
	 * Asks for a spare thread that takes the worker away in the poll that this thread is
	 * inside of. Only for this thread.
	 */
	void offerWorker() {
		Work work = running();
		long start = pollStart();
		boolean movable = work != null && !work.isPinned() && !this.worker.token.isReserved();
		if (start > 0 && movable) {
			Handoff.start(this.scheduler, this.worker, this, start, Strand.Pace.BLOCKING);
		}
	}

	/**
	 * Takes the worker away from this thread if it is still inside the given poll.
	 */
	boolean seize(long start) {
		return this.pollState.seize(start);
	}

	/**
	 * Polls work under the token that is its lock.
	 */
	private void pollPinned(Work work) {
		if (!this.worker.token.tryAcquire()) {
			this.worker.deferPinned(work, this);
			Thread.onSpinWait(); // a peer polls the driver and is about to be done
			return;
		}
		try {
			poll(work);
		}
		finally {
			this.worker.token.release();
		}
	}

	private @Nullable Work next(long now) {
		Work work = this.worker.isPinnedTurn() ? null : nextOrdinary(now);
		return (work != null) ? work : this.worker.nextPinned();
	}

	private @Nullable Work nextOrdinary(long now) {
		Work work = this.turns.before(now);
		if (work == null) {
			work = nextNormal();
		}
		return (work != null) ? work : this.turns.after(now);
	}

	private @Nullable Work nextNormal() {
		if (this.globalInterval.isDue(this.tick)) {
			Work work = takeBatch();
			if (work != null) {
				return work;
			}
		}
		Work work = this.queue.next();
		return (work != null) ? work : takeBatch();
	}

	/**
	 * Takes this worker's share of the injector: one strand to run, the rest to the
	 * queue.
	 */
	private @Nullable Work takeBatch() {
		if (this.injector.isEmpty()) {
			return null;
		}
		int share = this.injector.size() / this.config.workers() + 1;
		int count = Math.max(1, Math.min(share, this.config.queueCapacity() / 2 - this.queue.size()));
		Work first = this.injector.pop(count, this.queue);
		if (count > 1) {
			this.scheduler.notifyWorker();
		}
		return first;
	}

	private void maintain() {
		this.lastMaintenance = this.tick;
		this.globalInterval.tune(this.stats);
		this.driverPoller.poll();
	}

	/*
	 * --------------- Scheduling ---------------
	 */

	/**
	 * Puts work that was woken on this thread into its queue. Only for this thread.
	 */
	void schedule(Work work) {
		schedule(work, this.driverPoller.isDispatching() || work.isGathering());
	}

	/**
	 * Puts work behind all others of this thread. Only for this thread.
	 */
	void scheduleLast(Work work) {
		schedule(work, true);
	}

	private void schedule(Work work, boolean last) {
		this.stats.localSchedules++;
		work.queued(this.driverPoller.wake(work.isTimedAlways() || this.clock.samples()));
		if (isSeized() || !work.isNormal()) {
			this.scheduler.inject(work);
			return;
		}
		boolean more = true;
		if (last) {
			this.queue.push(work);
		}
		else {
			more = this.queue.pushFirst(work);
		}
		if (more && !this.driverPoller.isDispatching()) {
			this.scheduler.notifyWorker();
		}
	}

	/*
	 * --------------- Searching ---------------
	 */

	/**
	 * Looks for work elsewhere. A driver may repeat an event whose strand waits in the
	 * queue of another thread, again and again: that is no reason not to steal it.
	 */
	private boolean findWork() {
		return this.driverPoller.poll() && hasQueuedWork() || this.searcher.search();
	}

	/**
	 * Gives half of the queue away, or the last-woken strand if the poll that keeps it
	 * waiting is a long one. Called by the thread of the thief.
	 * @return the number of items
	 */
	int surrenderTo(LocalQueue thief) {
		int stolen = thief.stealFrom(this.queue);
		if (stolen == 0 && this.queue.hasLast() && isSlow()) {
			Work last = this.queue.takeLast();
			if (last != null) {
				thief.push(last);
				stolen = 1;
			}
		}
		return stolen;
	}

	private boolean isSlow() {
		long start = pollStart();
		return isSeized() || start > 0 && nanos() - start >= this.lifoStealDelayNanos;
	}

	/*
	 * --------------- The end ---------------
	 */

	/**
	 * Takes part in the shutdown while there is nothing to run.
	 * @return {@code false} if this thread must end
	 */
	private boolean awaitShutdown() {
		this.idle = true;
		boolean goOn = this.scheduler.shutdown().awaitWork(this.worker);
		this.idle = !goOn;
		return goOn;
	}

	private void leave() {
		Failures.attempt(logger, this.searcher::end);
		Failures.attempt(logger, this::surrenderQueue);
		this.idle = true;
		// What is woken from here on must not go into this queue.
		Failures.attempt(logger, RuntimeThread::leave);
		Failures.attempt(logger, () -> this.scheduler.threadEnded(this));
		if (this.scheduler.isShutdown()) {
			Failures.attempt(logger, this.scheduler::closeQueuedWork);
		}
		else if (this.worker.owner == this) {
			Failures.attempt(logger, this.succession::replace);
		}
	}

	private void surrenderQueue() {
		Work work;
		while ((work = this.queue.pop()) != null) {
			this.injector.push(work);
		}
		if (this.scheduler.hasQueuedWork()) {
			this.scheduler.notifyWorker();
		}
	}

	/**
	 * Lets go of everything until the worker is back. Only for this thread.
	 */
	void rest() {
		surrenderQueue();
		this.idle = true;
	}

	/**
	 * Goes on with the worker. Only for this thread.
	 */
	void resume() {
		this.idle = false;
		this.pollState.reset();
		this.seized = false;
	}

	/*
	 * --------------- Views for other threads ---------------
	 */

	boolean hasQueuedWork() {
		return !this.queue.isEmpty();
	}

	void forEachQueued(Consumer<Work> action) {
		this.queue.forEach(action);
	}

	/**
	 * Returns whether the worker was taken away in the poll that is still under way.
	 */
	boolean isSeized() {
		return this.pollState.isSeized();
	}

	/**
	 * Returns whether work runs now, with the worker or without. Only for this thread.
	 */
	boolean isPolling() {
		return !this.seized && this.pollState.start() != 0;
	}

	boolean isIdle() {
		return this.idle && !hasQueuedWork();
	}

	int queueDepth() {
		return this.queue.size();
	}

	long pollStart() {
		return this.pollState.start();
	}

	@Nullable Thread thread() {
		return this.thread;
	}

	Worker worker() {
		return this.worker;
	}

	Scheduler scheduler() {
		return this.scheduler;
	}

	boolean isOf(Scheduler scheduler) {
		return this.scheduler == scheduler;
	}

	@Override
	public String toString() {
		Thread thread = this.thread;
		return (thread != null) ? thread.getName() : "worker " + this.worker.index;
	}

	private long nanos() {
		return this.ticker.nanos();
	}

}
