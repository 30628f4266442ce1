package dev.loopline.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.unpadded.MpscUnboundedAtomicUnpaddedArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.internal.stall.RunningStall;
import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.io.IoReadiness;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkContext;
import dev.loopline.runtime.time.Ticker;

/**
 * A serial queue of work that is scheduled and stolen as a unit: its items run one at a
 * time, in order per producer, on whichever worker polls it. Safe for use by many
 * threads.
 */
public final class Strand extends StrandAccount implements Executor {

	/*-
	 * Two inlets
	 * ----------
	 * Tasks wait in the mailbox, readiness for I/O in a stack of its own. Tasks are served first, as
	 * an event loop does that runs all tasks after each round of I/O: a read must not overtake a flush
	 * that was queued before it. One readiness is served whenever no task is queued or a whole budget
	 * of tasks has run in a row, so that neither inlet can starve the other.
	 */

	private static final Logger logger = LoggerFactory.getLogger(Strand.class);

	/** Slots of one chunk of the mailbox: most strands never need a second one. */
	private static final int MAILBOX_CHUNK = 8;

	/** Items between two looks at the clock. A power of two. */
	private static final int CLOCK_INTERVAL = 16;

	private static final VarHandle READY;

	private static final VarHandle CONTEXT;

	static {
		try {
			READY = MethodHandles.lookup().findVarHandle(Strand.class, "ready", IoReadiness.class);
			CONTEXT = MethodHandles.lookup().findVarHandle(Strand.class, "context", WorkContext.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private final Scheduler scheduler;

	/** The worker whose wheel carries this strand's timers. */
	private final Worker home;

	/** Changes at most within a poll: it says in which line this waits. */
	private volatile @Nullable Object route;

	private final MessagePassingQueue<Runnable> mailbox = new MpscUnboundedAtomicUnpaddedArrayQueue<>(MAILBOX_CHUNK);

	/** Stack of what became ready; only its head is shared. */
	@SuppressWarnings("unused")
	private volatile @Nullable IoReadiness ready;

	/** What was taken from the stack and not yet served. Only for the polling thread. */
	private @Nullable IoReadiness serving;

	/** Tasks since a readiness was served. Only for the polling thread. */
	private int tasksInRow;

	/**
	 * The thread inside a poll. Plain: only the thread that wrote it may see itself.
	 */
	private @Nullable Thread runner;

	/** What the strand is working for. */
	@SuppressWarnings("unused")
	private volatile @Nullable WorkContext context;

	/** Measures this at the moment. */
	private volatile @Nullable StrandStopwatch stopwatch;

	Strand(Scheduler scheduler, Worker home, StrandOptions options) {
		super(options.isPinned(), options.pace(), options.isBlocking());
		this.scheduler = scheduler;
		this.home = home;
		this.route = options.route();
	}

	@Override
	@Nullable Object route() {
		return this.route;
	}

	/**
	 * Returns the strand that the calling thread is inside a poll of.
	 * @return the strand, or {@code null} if there is none
	 */
	public static @Nullable Strand current() {
		WorkerThread worker = WorkerThread.current();
		Work running = (worker != null) ? worker.running() : SlowLane.current();
		return (running instanceof Strand strand && strand.isCurrent()) ? strand : null;
	}

	/** See {@link StrandInstrumentation#setContext}. */
	void setContext(@Nullable WorkContext context) {
		CONTEXT.setRelease(this, context); // pairs with the acquire of context()
	}

	@Override
	@Nullable WorkContext context() {
		return (WorkContext) CONTEXT.getAcquire(this); // pairs with setContext
	}

	/**
	 * Queues a task.
	 * @param task the task; what it throws is logged
	 * @throws RejectedExecutionException if the runtime has ended
	 */
	@Override
	public void execute(Runnable task) {
		Objects.requireNonNull(task, "task");
		if (state() == CLOSED || this.scheduler.isShutdown()) {
			throw new RejectedExecutionException("The runtime has ended");
		}
		this.mailbox.offer(task);
		if (!isCurrent()) {
			wake();
		}
	}

	/** See {@link StrandIo#executeLast}. */
	boolean executeLast(Runnable task) {
		Objects.requireNonNull(task, "task");
		WorkerThread worker = WorkerThread.current();
		if (worker == null || isPinned() || worker.isSeized()) {
			return false;
		}
		if (this.mailbox.isEmpty()) {
			if (!worker.hasQueuedWork()) {
				return false;
			}
			stepBack();
		}
		this.mailbox.offer(task);
		return true;
	}

	/** See {@link StrandIo#ready}. */
	void ready(IoReadiness readiness) {
		IoReadiness head;
		do {
			head = this.ready;
			readiness.setNext(head);
		}
		while (!READY.compareAndSet(this, head, readiness));
		if (!isCurrent()) {
			wake();
		}
	}

	/**
	 * Queues a task after a delay. It runs within about a millisecond of the deadline,
	 * never before it.
	 * @param task the task
	 * @param delay the delay; what is negative counts as zero
	 * @param unit the unit of the delay
	 * @return the timer, to cancel it
	 */
	public StrandTimer schedule(Runnable task, long delay, TimeUnit unit) {
		return scheduleAt(task, this.scheduler.deadlineAfter(Math.max(0, unit.toNanos(delay))));
	}

	/**
	 * Queues a task at a point in time. It runs within about a millisecond of it, never
	 * before it.
	 * @param task the task
	 * @param deadlineNanos a reading of the runtime's {@link Ticker}
	 * @return the timer, to cancel it
	 * @throws RejectedExecutionException if the runtime has ended
	 */
	public StrandTimer scheduleAt(Runnable task, long deadlineNanos) {
		Objects.requireNonNull(task, "task");
		return this.scheduler.arm(new StrandTimer(this, task, deadlineNanos));
	}

	/**
	 * Returns whether the calling thread is inside a poll of this strand.
	 * @return whether this strand is being run by the caller
	 */
	public boolean isCurrent() {
		return isRunBy(Thread.currentThread());
	}

	/** See {@link StrandIo#isRunBy}. */
	boolean isRunBy(Thread thread) {
		return this.runner == thread;
	}

	/**
	 * Returns whether nothing is queued here and no thread is inside a poll of this
	 * strand.
	 * @return a snapshot
	 */
	public boolean isIdle() {
		return state() == IDLE;
	}

	/**
	 * Returns whether some thread is inside a poll of this strand now.
	 * @return a snapshot
	 */
	boolean isRunning() {
		int state = state();
		return state == RUNNING || state == NOTIFIED;
	}

	/** See {@link StrandInstrumentation#handoffs}. */
	int handoffs(Stall.Kind kind) {
		return (kind == Stall.Kind.BLOCKING) ? blockedHandoffs() : burningHandoffs();
	}

	/** See {@link StrandInstrumentation#withdraw}. */
	void withdraw() {
		this.scheduler.slowLane().withdraw(this);
	}

	/** See {@link StrandInstrumentation#waitingAlike}. */
	int waitingAlike() {
		return this.scheduler.slowLane().depth(this);
	}

	/** See {@link StrandInstrumentation#hasStalled}. */
	@Nullable Boolean hasStalled() {
		Pace pace = hasBegunInPoll() ? Pace.FAST : SlowLane.paceSoFar(this);
		if (ownStalls() > 0 || pace != null && pace != Pace.FAST) {
			return true;
		}
		return (pace != null && ownUnclearRuns() == 0) ? false : null;
	}

	/** See {@link StrandInstrumentation#beginWork}. */
	void beginWork(@Nullable WorkContext context, StrandOptions expected) {
		if (!isCurrent()) {
			throw new IllegalStateException("Only a strand itself can begin other work");
		}
		workBegan();
		expect(isPinned() ? Pace.FAST : expected.pace());
		this.route = expected.route();
		setContext(context);
		if (isFast() != (SlowLane.current() == null)) {
			stepBack(); // the rest runs elsewhere
		}
	}

	/** See {@link StrandInstrumentation#measure}. */
	StrandStopwatch measure() {
		if (!isCurrent()) {
			throw new IllegalStateException("Only a strand itself can start to measure what it costs");
		}
		StrandStopwatch stopwatch = new StrandStopwatch(this);
		this.stopwatch = stopwatch;
		return stopwatch;
	}

	void measured(StrandStopwatch stopwatch) {
		if (this.stopwatch == stopwatch) {
			this.stopwatch = null;
		}
	}

	@Override
	void stalled(RunningStall stall) {
		noteStall(stall.mark());
		stall.lookForContext(this::context);
		StrandStopwatch stopwatch = this.stopwatch;
		if (stopwatch != null) {
			stopwatch.add(stall);
		}
	}

	/**
	 * Returns the runtime of this strand.
	 * @return the runtime
	 */
	public TaskRuntime runtime() {
		return this.scheduler.runtime();
	}

	/** See {@link StrandIo#runPinned}. */
	void runPinned(Runnable event) {
		if (isCurrent()) {
			run(event);
			return;
		}
		this.runner = Thread.currentThread();
		try {
			Runnable task;
			for (int left = this.scheduler.config().budget(); left > 0
					&& (task = this.mailbox.relaxedPoll()) != null; left--) {
				run(task);
			}
			run(event);
		}
		finally {
			this.runner = null;
		}
		if (!this.mailbox.isEmpty()) {
			wake();
		}
	}

	/** See {@link StrandIo#runAfterEnd}. */
	void runAfterEnd(Runnable task) {
		Objects.requireNonNull(task, "task");
		if (this.scheduler.hasNoWorkers() && !isRunning()) {
			runPinned(task);
		}
	}

	/**
	 * Returns the priority, by default the normal one.
	 * @return the priority
	 */
	@Override
	public Priority priority() {
		return super.priority();
	}

	/**
	 * Sets the priority, from the next time on that this strand is queued. A strand that
	 * is run by its home worker alone has none.
	 * @param priority the priority
	 */
	@Override
	public void setPriority(Priority priority) {
		Objects.requireNonNull(priority, "priority");
		super.setPriority(priority);
	}

	/** See {@link StrandInstrumentation#enlist}. */
	void enlist(StrandKind kind, @Nullable Object label) {
		this.scheduler.strands().enlist(this, kind, label, this.scheduler.ticker().nanos());
	}

	/** See {@link StrandInstrumentation#delist}. */
	void delist(@Nullable Object label) {
		this.scheduler.strands().delist(this, label);
	}

	@Nullable Thread runner() {
		return this.runner;
	}

	Worker home() {
		return this.home;
	}

	private void wake() {
		switch (transitionToNotified()) {
			case SUBMIT -> this.scheduler.schedule(this);
			case CLOSED -> failRemaining();
			case NOTHING -> {
			}
		}
	}

	/**
	 * Runs what is queued, at most a budget of items or one quantum of time.
	 * @return whether work is left and the strand, already marked as scheduled, must be
	 * put at the end of a queue
	 */
	@Override
	boolean poll(int budget, long quantumNanos, Ticker ticker, long start) {
		try {
			return pollItems(budget, quantumNanos, ticker, start);
		}
		catch (Throwable ex) { // what items throw does not get here
			Failures.error(logger, ex, "A strand failed and goes on");
			this.runner = null;
			return transitionToScheduled();
		}
	}

	private boolean pollItems(int budget, long quantumNanos, Ticker ticker, long start) {
		if (!transitionToRunning()) {
			failRemaining();
			return false;
		}
		this.runner = Thread.currentThread();
		int left = budget;
		do {
			left = runItems(left, start + quantumNanos, ticker);
			Thread.interrupted(); // a task's: neither the next strand's nor the worker's
			if (left <= 0 || hasWork()) {
				this.runner = null;
				return transitionToScheduled();
			}
			this.runner = null;
			switch (transitionToIdle()) {
				case IDLE -> {
					return false;
				}
				case CLOSED -> {
					failRemaining();
					return false;
				}
				case LOOK_AGAIN -> this.runner = Thread.currentThread();
			}
		}
		while (true);
	}

	private int runItems(int budget, long deadline, Ticker ticker) {
		int left = budget;
		while (left > 0) {
			Runnable task = (this.tasksInRow < budget || !hasReadiness()) ? this.mailbox.relaxedPoll() : null;
			if (task != null) {
				this.tasksInRow++;
				run(task);
			}
			else if (serveOne()) {
				this.tasksInRow = 0;
			}
			else {
				return left;
			}
			left--;
			if (hasSteppedBack()) {
				return 0;
			}
			if ((left & (CLOCK_INTERVAL - 1)) == 0 && ticker.nanos() - deadline >= 0) {
				return 0;
			}
		}
		return 0;
	}

	private boolean serveOne() {
		IoReadiness readiness = this.serving;
		if (readiness == null) {
			if (this.ready == null) {
				return false;
			}
			readiness = (IoReadiness) READY.getAndSet(this, null);
		}
		this.serving = readiness.next();
		readiness.setNext(null);
		try {
			readiness.serve();
		}
		catch (Throwable ex) {
			Failures.warn(logger, ex, "An I/O handler threw an exception");
		}
		return true;
	}

	private static void run(Runnable task) {
		try {
			task.run();
		}
		catch (Throwable ex) {
			Failures.warn(logger, ex, "A task threw an exception: {}", task);
		}
	}

	/**
	 * Returns whether anything is queued: exact for the polling thread. An item whose
	 * producer is between its two writes counts.
	 */
	private boolean hasWork() {
		return !this.mailbox.isEmpty() || hasReadiness();
	}

	private boolean hasReadiness() {
		return this.serving != null || this.ready != null;
	}

	/**
	 * Refuses everything from now on. What is still queued is cancelled where it can be.
	 * Only for a strand that no thread polls any more.
	 */
	@Override
	void close() {
		if (transitionToClosed() != CLOSED) {
			failRemaining();
		}
	}

	private void failRemaining() {
		synchronized (this.mailbox) { // never contended while the runtime lives
			Runnable task;
			while ((task = this.mailbox.relaxedPoll()) != null) {
				Job.giveUp(task, logger);
			}
		}
	}

	/**
	 * How a poll went.
	 */
	enum Pace {

		/** It ended in time. */
		FAST,

		/** It waited for something else than the processor. */
		BLOCKING,

		/** It used the processor for too long. */
		BURNING

	}

}
