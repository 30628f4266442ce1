package dev.loopline.runtime;

import java.util.ArrayList;
import java.util.List;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.internal.stall.RunningStall;
import dev.loopline.runtime.internal.stall.StallCheck;
import dev.loopline.runtime.internal.stall.StallRecorder;
import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.internal.thread.BlockingPool;
import dev.loopline.runtime.internal.thread.ThreadProbe;
import dev.loopline.runtime.stall.Stall;
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
	 * use the processor than there are permits, about one per core, so that burners cannot crowd out the workers.
	 * One that blocked is taken for one that will block again and needs none, and the monitor corrects that at
	 * every look.
	 *
	 * What a slow poll did at most of these looks is what its work is taken for next time: one that
	 * waited for a class to load may burn ever after. Work leaves the lane after a fast poll, and
	 * after one that took long only because the thread was not given the processor.
	 *
	 * A burner that never ends keeps its permit. As every other one would then wait for ever, work
	 * that has been at the head of their line for too long is admitted without one.
	 *
	 * A thread that is done goes on with what waits next; with jobs that wait for the same threads it takes turns.
	 *
	 * The monitor of this object is held for a few instructions, by threads that run slow work.
	 */

	/**
	 * Of the stall threshold. A poll that used less of the processor burned nothing, and
	 * one that did not wait for so long either has only been kept from it.
	 */
	private static final int IDLE_SHARE = 4;

	/** The longest time at the head of the line. */
	private static final long PATIENCE_NANOS = 100_000_000;

	private static final Logger logger = LoggerFactory.getLogger(SlowLane.class);

	private static final ThreadLocal<@Nullable Run> CURRENT = new ThreadLocal<>();

	private final Scheduler scheduler;

	private final Ticker ticker;

	private final int budget;

	private final long quantumNanos;

	private final long threshold;

	private final BlockingPool threads;

	private final StallRecorder stalls;

	private final int permits;

	private final LaneLines lines;

	private final List<Run> running = new ArrayList<>();

	/** Runs that use the processor, as far as is known. */
	private int runnable;

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
		this.permits = config.workers();
		this.lines = new LaneLines(scheduler.reserve().routes());
	}

	/**
	 * Returns the work that the calling thread runs, if it is one of the lane.
	 */
	static @Nullable Work current() {
		Run run = CURRENT.get();
		return (run != null) ? run.work : null;
	}

	/**
	 * Returns the runtime whose lane the calling thread runs something of.
	 */
	static @Nullable TaskRuntime currentRuntime() {
		Run run = CURRENT.get();
		return (run != null) ? run.runtime() : null;
	}

	/**
	 * Returns how the poll has gone so far that the calling thread runs of the given
	 * work.
	 * @return {@code null} if it is slow and nobody has seen why
	 */
	static Strand.@Nullable Pace paceSoFar(Work work) {
		Run run = CURRENT.get();
		return (run != null && run.work == work) ? run.paceSoFar() : Strand.Pace.FAST;
	}

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
		boolean burner = work.pace() != Strand.Pace.BLOCKING;
		if (burner && this.lines.burners() == 0) {
			this.burnersTurn = now;
		}
		this.lines.add(work, burner, now);
		admit(now);
		return true;
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

	private void admit(long now) {
		Run run;
		while ((run = next(this.threads.excess(), now)) != null
				&& this.threads.tryExecute(run, this.lines.beyond(run.line))) {
			begin(run, now);
		}
	}

	/**
	 * Returns what is to run next, which still waits.
	 * @param excess how many threads are busy beyond the maximum without the one for it
	 */
	private @Nullable Run next(int excess, long now) {
		boolean mayBurn = mayBurn(now);
		LaneLine line = this.lines.next(mayBurn, excess, now);
		LaneLine.Waiting next = (line != null) ? line.peek(mayBurn, now) : null;
		return (line != null && next != null) ? new Run(line, next) : null;
	}

	private void begin(Run run, long now) {
		this.lines.begin(run.line, run.waiting, now);
		this.running.add(run);
		this.admissions++;
		if (run.waiting.burner()) {
			this.runnable++;
			this.burnersTurn = now;
		}
	}

	private boolean mayBurn(long now) {
		return this.runnable < this.permits || this.lines.burners() > 0 && now - this.burnersTurn > PATIENCE_NANOS;
	}

	/**
	 * Finds out which threads wait and admits others in their place, and which runs have
	 * lasted too long. Called by the monitor.
	 * @param since what happened before does not count, as the whole process was paused
	 */
	void tick(ThreadProbe probe, long now, long since) {
		List<Run> runs;
		synchronized (this) {
			runs = List.copyOf(this.running);
		}
		runs.forEach((run) -> run.check(probe, now, since)); // reads files
		update(probe, now);
	}

	private synchronized void update(ThreadProbe probe, long now) {
		for (Run run : this.running) {
			Thread thread = run.thread;
			if (thread != null) {
				if (run.blocked == probe.isRunnable(thread)) {
					run.blocked = !run.blocked;
					this.runnable += run.blocked ? -1 : 1;
				}
				run.observe(thread, now);
			}
		}
		admit(now);
	}

	/**
	 * Takes note of the end of a run.
	 * @return what its thread is to run next
	 */
	private synchronized @Nullable Run finished(Run run) {
		long now = nanos();
		this.pollTime.record(run.nanos, 1);
		this.busyNanos += run.nanos;
		this.running.remove(run);
		this.runnable -= run.blocked ? 0 : 1;
		this.lines.end(run.line, now);
		this.jobsWentFirst = !this.jobsWentFirst && this.threads.queueDepth() > 0;
		boolean goOn = !this.jobsWentFirst && !this.threads.isShutdown();
		Run next = goOn ? next(this.threads.excess() - 1, now) : null;
		if (next != null) {
			begin(next, now);
		}
		admit(now);
		return next;
	}

	/**
	 * Takes the next strand that waits, at the end of the runtime.
	 */
	synchronized @Nullable Work pop() {
		return this.lines.pop();
	}

	synchronized boolean isIdle() {
		return this.lines.size() == 0 && this.running.isEmpty();
	}

	synchronized int depth() {
		return this.lines.size();
	}

	synchronized int lines() {
		return this.lines.count();
	}

	synchronized long admissions() {
		return this.admissions;
	}

	synchronized HistogramSnapshot pollTime() {
		return this.pollTime.snapshot(this.busyNanos);
	}

	private static int homeOf(Work work) {
		return (work instanceof Strand strand) ? strand.home().index : 0;
	}

	private long nanos() {
		return this.ticker.nanos();
	}

	/**
	 * One poll of slow work.
	 */
	private final class Run implements Runnable {

		private final LaneLine line;

		private final LaneLine.Waiting waiting;

		private final Work work;

		private boolean blocked;

		/** Only for the monitor, as is the next one. */
		private final StallCheck check = new StallCheck();

		private long checkedSince;

		/** How often the monitor looked, and how often it found the thread waiting. */
		@GuardedBy("this")
		private int looks;

		@GuardedBy("this")
		private int waits;

		/** The processor time between the first and the last look. */
		@GuardedBy("this")
		private long usedNanos;

		/** That, and the time in which it waited for something else. */
		@GuardedBy("this")
		private long ownNanos;

		/** Written before the thread. */
		private long start;

		private long nanos;

		private volatile @Nullable Thread thread;

		/** Written before the end is read from the clock. */
		private volatile boolean over;

		@GuardedBy("this")
		private @Nullable RunningStall stall;

		Run(LaneLine line, LaneLine.Waiting waiting) {
			this.line = line;
			this.waiting = waiting;
			this.work = waiting.work();
			this.blocked = !waiting.burner();
		}

		@Override
		public void run() {
			Run run = this;
			do {
				run = run.runOnce();
			}
			while (run != null);
		}

		/**
		 * Runs the work.
		 * @return what is to run next
		 */
		private @Nullable Run runOnce() {
			this.start = nanos();
			this.thread = Thread.currentThread();
			CURRENT.set(this);
			try {
				if (this.work.isBlocking()) {
					poll();
				}
				else {
					pollLearned();
				}
			}
			catch (Throwable ex) {
				Failures.error(logger, ex, "{} failed", this.work);
			}
			CURRENT.remove();
			Thread.interrupted(); // not the next one's
			long end = nanos();
			Run next = finished(this);
			RunningStall stall = stall();
			if (stall != null) {
				stall.end(end);
			}
			return next;
		}

		Strand.@Nullable Pace paceSoFar() {
			return pace(nanos() - this.start);
		}

		/**
		 * Returns the stall, which nobody begins once this is off the list of the lane.
		 */
		private synchronized @Nullable RunningStall stall() {
			return this.stall;
		}

		TaskRuntime runtime() {
			return SlowLane.this.scheduler.runtime();
		}

		/**
		 * Looks at what the poll does until that is known.
		 */
		private void check(ThreadProbe probe, long now, long since) {
			Thread thread = this.thread;
			if (thread != null && !this.work.isBlocking() && !this.check.isStalled(SlowLane.this.threshold)) {
				if (since != this.checkedSince) {
					this.checkedSince = since;
					this.check.reset();
				}
				this.check.observe(thread, probe, Math.max(this.start, since), now);
			}
		}

		private synchronized void observe(Thread thread, long now) {
			this.looks++;
			this.waits += this.blocked ? 1 : 0;
			this.usedNanos = this.check.usedNanos();
			this.ownNanos = this.check.ownNanos();
			if (this.stall == null && this.check.isStalled(SlowLane.this.threshold) && !this.over) {
				Stall.Kind kind = this.check.isBurning() ? Stall.Kind.BURNING : Stall.Kind.BLOCKING;
				this.stall = SlowLane.this.stalls.open(kind, thread, this.work.context(), this.work::stalled,
						() -> !this.over, this.start, now);
			}
		}

		/**
		 * Returns how the poll has gone.
		 * @param nanos how long it has lasted
		 * @return {@code null} if it was slow and nobody has seen why
		 */
		private synchronized Strand.@Nullable Pace pace(long nanos) {
			long threshold = SlowLane.this.threshold;
			if (nanos < threshold) {
				return Strand.Pace.FAST;
			}
			if (this.looks < 2) {
				return null;
			}
			if (2 * this.waits >= this.looks && this.ownNanos >= threshold / IDLE_SHARE) {
				return Strand.Pace.BLOCKING;
			}
			return (this.usedNanos >= threshold / IDLE_SHARE) ? Strand.Pace.BURNING : Strand.Pace.FAST;
		}

		/** A frame by which tools that look for blocking calls know what must not. */
		private void pollLearned() {
			poll();
		}

		private void poll() {
			this.work.beginPoll(this.start, homeOf(this.work));
			boolean again = this.work.poll(SlowLane.this.budget, SlowLane.this.quantumNanos, SlowLane.this.ticker,
					this.start);
			this.over = true;
			long end = nanos();
			this.nanos = end - this.start;
			this.work.endPoll(this.nanos);
			Strand.Pace pace = pace(this.nanos);
			this.work.setPace((pace != null) ? pace : this.work.pace());
			if (this.work instanceof StrandAccount account) {
				account.ranBeside(pace);
			}
			if (again) {
				this.work.yielded(end);
				// Before this run ends: the shutdown must find the work somewhere.
				SlowLane.this.scheduler.inject(this.work);
			}
		}

	}

}
