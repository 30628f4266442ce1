package dev.loopline.runtime;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.stall.StallRecorder;
import dev.loopline.runtime.internal.thread.BlockingPool;
import dev.loopline.runtime.internal.thread.ThreadProbe;
import dev.loopline.runtime.time.Ticker;

/**
 * Where work runs whose last poll stalled, beside the workers. Safe for use by many
 * threads.
 */
final class SlowLane {

	/*-
	 * Admission
	 * ---------
	 * Everything gets a blocking thread of its own, in the order that the lines of the routes say (LaneLines).
	 * One that burned last time also needs a permit: it waits in a line of its own until fewer of these threads
	 * use the processor than there are permits, so that burners cannot crowd out the workers (BurnShare).
	 * One that blocked is taken for one that will block again and needs none, and the monitor corrects that at
	 * every look.
	 *
	 * What a slow poll did at most of these looks is what its work is taken for next time: one that
	 * waited for a class to load may burn ever after. Work leaves the lane after a fast poll, and
	 * after one that took long only because the thread was not given the processor.
	 *
	 * A burner that never ends keeps its permit. As every other one would then wait for ever, work
	 * that has been at the head of their line for too long is admitted without one; and much later, if what they
	 * may use is spent.
	 *
	 * A thread that is done goes on with what waits next; with jobs that wait for the same threads it takes turns.
	 *
	 * The monitor of this object is held for a few instructions, by threads that run slow work.
	 */

	/** The longest time at the head of the line while all permits are taken. */
	private static final long PATIENCE_NANOS = 100_000_000;

	/** The same while the share of the processors is used up. */
	private static final long LONG_PATIENCE_NANOS = 1_000_000_000;

	/** Between two looks at the end. */
	private static final long LOOK_NANOS = 1_000_000;

	private final Scheduler scheduler;

	private final Ticker ticker;

	private final int budget;

	private final long quantumNanos;

	private final long threshold;

	private final BlockingPool threads;

	private final StallRecorder stalls;

	private final BurnShare burnShare;

	private final LaneLines lines;

	private final VirtualLane virtualLane;

	/** Those that the monitor looks at. */
	private final Set<LaneRun> watched = new LinkedHashSet<>();

	/** Runs on threads of the pool. */
	private int running;

	/** Runs on virtual threads that were not ended by who carried them. */
	private final Queue<LaneRun> ended = new ConcurrentLinkedQueue<>();

	/** Runs on virtual threads. */
	private int virtual;

	/** Runs that use the processor, as far as is known. */
	private int runnable;

	/** Processor time that burners have used since the last look. */
	private long burned;

	/** Of work on the workers, up to the last look. Only for the monitor. */
	private long longWaits;

	private long admissions;

	/** Whether jobs were let go first the last time. */
	private boolean jobsWentFirst;

	/** When the burner came to the head of their line that waits the longest. */
	private long burnersTurn;

	private final LogHistogram pollTime = new LogHistogram();

	private long busyNanos;

	SlowLane(Scheduler scheduler, TaskRuntimeConfig config, BlockingPool threads, StallRecorder stalls) {
		this.scheduler = scheduler;
		this.ticker = config.ticker();
		this.budget = config.budget();
		this.quantumNanos = config.quantum().toNanos();
		this.threshold = config.stallThreshold().toNanos();
		this.threads = threads;
		this.stalls = stalls;
		this.burnShare = new BurnShare(config.burnShare(), scheduler.processors()::parallelism, nanos());
		this.lines = new LaneLines(scheduler.reserve().routes());
		this.virtualLane = new VirtualLane(config);
	}

	/**
	 * Returns the work that the calling thread runs, if it is one of the lane.
	 */
	static @Nullable Work current() {
		LaneRun run = LaneRun.current();
		return (run != null) ? run.work : null;
	}

	/**
	 * Returns the runtime whose lane the calling thread runs something of.
	 */
	static @Nullable TaskRuntime currentRuntime() {
		LaneRun run = LaneRun.current();
		return (run != null) ? run.lane.scheduler.runtime() : null;
	}

	/**
	 * Returns how the poll has gone so far that the calling thread runs of the given
	 * work.
	 * @return {@code null} if it is slow and nobody has seen why
	 */
	static Strand.@Nullable Pace paceSoFar(Work work) {
		LaneRun run = LaneRun.current();
		return (run != null && run.work == work) ? run.paceSoFar() : Strand.Pace.FAST;
	}

	/*
	 * --------------- Lines ---------------
	 */

	/**
	 * Queues work that is scheduled and in no other queue.
	 */
	void submit(Work work) {
		if (!add(work)) {
			this.scheduler.inject(work);
		}
	}

	/**
	 * Adds work to its line.
	 * @return {@code false} if it was withdrawn meanwhile
	 */
	private synchronized boolean add(Work work) {
		if (work.isFast()) {
			return false;
		}
		long now = nanos();
		LaneLine.Kind kind = kindOf(work);
		if (kind == LaneLine.Kind.BURNING && this.lines.burners() == 0) {
			this.burnersTurn = now;
		}
		this.lines.add(work, kind, now);
		admit(now);
		return true;
	}

	private LaneLine.Kind kindOf(Work work) {
		if (work.pace() != Strand.Pace.BLOCKING) {
			return LaneLine.Kind.BURNING;
		}
		return this.virtualLane.suits(work) ? LaneLine.Kind.VIRTUAL : LaneLine.Kind.BLOCKING;
	}

	/**
	 * Lets a worker run what is left of work that no thread is worth any more, be it that
	 * it waits here or is about to.
	 */
	void withdraw(Work work) {
		work.admitToWorkers(); // first, for whoever is about to add it
		boolean waited;
		synchronized (this) {
			waited = this.lines.remove(work);
		}
		if (waited) {
			this.scheduler.inject(work);
		}
	}

	/**
	 * Returns how much work waits in the line of the given work.
	 */
	synchronized int depth(Work work) {
		return this.lines.size(work);
	}

	/*
	 * --------------- Runs ---------------
	 */

	private void admit(long now) {
		for (LaneRun run; (run = next(now)) != null;) {
			LaneRun started = start(run);
			if (started == null) {
				return;
			}
			begin(started, now);
		}
	}

	private @Nullable LaneRun next(long now) {
		return next(new Vacancy(this.virtual < this.virtualLane.limit(), this.threads.excess(), mayBurn(now)), now);
	}

	/**
	 * Returns what is to run next, which still waits.
	 */
	private @Nullable LaneRun next(Vacancy vacancy, long now) {
		LaneLine line = this.lines.next(vacancy, now);
		LaneLine.Waiting next = (line != null) ? line.peek(vacancy, this.lines.beyond(line), now) : null;
		if (line == null || next == null) {
			return null;
		}
		return (next.kind() == LaneLine.Kind.VIRTUAL) ? this.virtualLane.newRun(this, line, next)
				: new ThreadRun(this, line, next);
	}

	/**
	 * Starts a thread for what still waits, or another kind of thread if there is none.
	 * @return what it runs
	 */
	private @Nullable LaneRun start(LaneRun run) {
		int beyond = this.lines.beyond(run.line);
		LaneRun started = run;
		if (!run.start(beyond)) {
			started = new ThreadRun(this, run.line, run.waiting);
			return (run instanceof ThreadRun || !started.start(beyond)) ? null : started;
		}
		return started;
	}

	private void begin(LaneRun run, long now) {
		int threads = (run instanceof ThreadRun) ? 1 : 0;
		this.lines.begin(run.line, run.waiting, threads, now);
		this.watched.add(run);
		this.running += threads;
		this.virtual += 1 - threads;
		this.admissions++;
		if (run.waiting.kind() == LaneLine.Kind.BURNING) {
			this.runnable++;
			this.burnersTurn = now;
		}
	}

	private boolean mayBurn(long now) {
		boolean permit = this.runnable < this.burnShare.permits(now);
		if (permit && !this.burnShare.isSpent()) {
			return true;
		}
		return this.lines.burners() > 0 && now - this.burnersTurn > (permit ? LONG_PATIENCE_NANOS : PATIENCE_NANOS);
	}

	/**
	 * Finds out which threads wait and admits others in their place, and which runs have
	 * lasted too long. Called by the monitor.
	 * @param since what happened before does not count, as the whole process was paused
	 */
	void tick(ThreadProbe probe, long now, long since) {
		endThoseThatEnded();
		List<LaneRun> runs;
		synchronized (this) {
			runs = List.copyOf(this.watched);
		}
		runs.forEach((run) -> run.check(probe, now, since)); // reads files
		update(probe, now, hasWorkWaited());
	}

	/**
	 * Returns whether work has waited on the workers since the last look, for long enough
	 * that burners are in its way.
	 */
	private boolean hasWorkWaited() {
		long before = this.longWaits;
		this.longWaits = this.scheduler.longWaits();
		return this.longWaits > before;
	}

	private synchronized void update(ThreadProbe probe, long now, boolean waits) {
		this.watched.removeIf((run) -> !run.observe(probe, now));
		this.burnShare.update(now, waits, this.burned);
		this.burned = 0;
		admit(now);
	}

	/**
	 * Takes note of processor time that a burner has used. Only within a look.
	 */
	void burned(long nanos) {
		this.burned += nanos;
	}

	/**
	 * Takes note that a thread waits, or does not any more. Only within a look.
	 */
	void changeRunnable(int change) {
		this.runnable += change;
	}

	/**
	 * Takes note of the end of a run.
	 * @return what its thread is to run next
	 */
	synchronized @Nullable ThreadRun finished(ThreadRun run) {
		long now = nanos();
		took(run);
		this.running--;
		this.runnable -= run.isBlocked() ? 0 : 1;
		this.lines.end(run.line, now);
		this.jobsWentFirst = !this.jobsWentFirst && this.threads.queueDepth() > 0;
		boolean goOn = !this.jobsWentFirst && !this.threads.isShutdown();
		Vacancy vacancy = new Vacancy(false, this.threads.excess() - 1, mayBurn(now));
		ThreadRun next = (goOn && next(vacancy, now) instanceof ThreadRun found) ? found : null;
		if (next != null) {
			begin(next, now);
		}
		admit(now);
		return next;
	}

	private void took(LaneRun run) {
		this.pollTime.record(run.nanos(), 1);
		this.busyNanos += run.nanos();
		this.watched.remove(run);
	}

	/*
	 * --------------- Virtual threads ---------------
	 */

	/*-
	 * A virtual thread that waits for a monitor leaves its carrier and comes back when it is its turn. If all
	 * workers have come to wait for the same monitor by then, nobody can carry it, and as it is next nobody else
	 * is woken. So a virtual thread never enters the monitor of the lane, nor any other that workers enter outside
	 * of polls: its run is ended by the worker that carried it, or by the monitor at its next look.
	 */

	/**
	 * Starts a virtual thread.
	 * @param scheduler what runs it, or {@code null} for the JDK
	 */
	boolean startVirtual(LaneRun run, @Nullable Executor scheduler) {
		return this.virtualLane.start(run, scheduler);
	}

	/**
	 * Queues what is left of one that can go on.
	 */
	void carry(Continuation continuation) {
		this.scheduler.schedule(continuation);
	}

	/**
	 * Lets the monitor end a run. Called by the virtual thread itself.
	 */
	void endLater(LaneRun run) {
		this.ended.add(run);
	}

	private void endThoseThatEnded() {
		for (LaneRun run; (run = this.ended.poll()) != null;) {
			run.end();
		}
	}

	/**
	 * Takes note of the end of a run on a virtual thread.
	 */
	synchronized void ended(LaneRun run) {
		took(run);
		this.virtual--;
		if (this.lines.size() > 0) {
			admit(nanos());
		}
	}

	/**
	 * Waits until all virtual threads have ended.
	 * @return how many have not in time
	 */
	int awaitVirtual(long deadlineNanos) {
		for (;;) {
			endThoseThatEnded();
			int left = virtualThreads();
			if (left == 0 || Ticker.system().nanos() - deadlineNanos >= 0) {
				return left;
			}
			LockSupport.parkNanos(this, LOOK_NANOS);
		}
	}

	BlockingCarriers carriers() {
		return this.virtualLane.carriers();
	}

	Misfits misfits() {
		return this.virtualLane.misfits();
	}

	/*
	 * --------------- For the runs ---------------
	 */

	/**
	 * Runs work on the calling thread.
	 * @return whether there is more to run
	 */
	boolean poll(Work work, long start) {
		work.beginPoll(start, homeOf(work));
		return work.poll(this.budget, this.quantumNanos, this.ticker, start);
	}

	/**
	 * Queues work that has more to run. Before the run ends: the shutdown must find the
	 * work somewhere.
	 */
	void again(Work work, long now) {
		work.yielded(now);
		this.scheduler.inject(work);
	}

	BlockingPool pool() {
		return this.threads;
	}

	StallRecorder stalls() {
		return this.stalls;
	}

	long threshold() {
		return this.threshold;
	}

	long nanos() {
		return this.ticker.nanos();
	}

	private static int homeOf(Work work) {
		return (work instanceof Strand strand) ? strand.home().index : 0;
	}

	/*
	 * --------------- Views and the end ---------------
	 */

	/**
	 * Takes the next strand that waits, at the end of the runtime.
	 */
	synchronized @Nullable Work pop() {
		return this.lines.pop();
	}

	synchronized boolean isIdle() {
		return this.lines.size() == 0 && this.running + this.virtual == 0;
	}

	synchronized int depth() {
		return this.lines.size();
	}

	synchronized int lines() {
		return this.lines.count();
	}

	synchronized int virtualThreads() {
		return this.virtual;
	}

	synchronized long admissions() {
		return this.admissions;
	}

	synchronized HistogramSnapshot pollTime() {
		return this.pollTime.snapshot(this.busyNanos);
	}

}
