package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.stall.StallMark;

/**
 * What a strand has cost so far.
 */
abstract class StrandAccount extends StrandState {

	/*-
	 * Who writes what
	 * ---------------
	 * Plain fields. From the moment that a strand is scheduled until it is put into a queue they belong to the
	 * thread that schedules it, and within a poll to the thread that polls. Queues and the state word publish
	 * them. The one exception is the end of a poll: the strand may be running elsewhere by then, so that of
	 * two very short polls on two threads the cost of one can be lost. Everybody else sees values that may be
	 * a poll old.
	 */

	/** How long polls and yields are recent ones. */
	static final long RECENT_NANOS = 60_000_000_000L;

	private long busyNanos;

	private long queuedNanos;

	private long longestPollNanos;

	/** How long this has waited for the running or last poll. */
	private long waitedNanos;

	/** Whether the running poll lets others go first. */
	private boolean steppedBack;

	private int polls;

	private int yields;

	/** When the polls and yields began that are counted as recent ones. */
	private long recentSinceNanos;

	/** What had been counted by then. */
	private int pollsBefore;

	private int yieldsBefore;

	/** Polls that began on another worker than the one before. */
	private int moves;

	/** Written by whoever takes the worker away, once in a poll. */
	private volatile int blockedHandoffs;

	private volatile int burningHandoffs;

	/** Polls beside the workers that stalled, as was seen. */
	private int slowRuns;

	/** Polls beside the workers that took as long, and nobody has seen what they did. */
	private int unclearRuns;

	/** What had been counted when this began the work that it does now. */
	private int stallsBefore;

	private int unclearBefore;

	/** The poll in which it began, if that was not the first. */
	private int firstPoll;

	/** Written by the monitor. */
	private volatile @Nullable StallMark lastStall;

	/** The worker of the last poll, plus one; 0 for none. */
	private int lastWorker;

	/**
	 * The place in the list of strands. Only for the list, as is the change of the label.
	 */
	private StrandRegistry.@Nullable Entry entry;

	/** What the strand is called, as the text of an object. */
	private volatile @Nullable Object label;

	StrandAccount(boolean pinned, Strand.Pace pace, boolean blocking) {
		super(pinned, pace, blocking);
	}

	/**
	 * Notes the start of a poll.
	 */
	final void pollBegan(long waited, int worker) {
		this.queuedNanos += waited;
		this.waitedNanos = (this.polls == 0) ? waited + this.waitedNanos : waited;
		this.polls++;
		if (this.lastWorker != worker + 1) {
			this.moves += (this.lastWorker == 0) ? 0 : 1;
			this.lastWorker = worker + 1;
		}
	}

	/**
	 * Notes the end of a poll.
	 */
	final void pollEnded(long nanos) {
		this.busyNanos += nanos;
		if (nanos > this.longestPollNanos) {
			this.longestPollNanos = nanos;
		}
	}

	/**
	 * Ends the running poll after the item that is being run.
	 */
	final void stepBack() {
		this.steppedBack = true;
	}

	/**
	 * Returns whether the running poll is to end.
	 */
	final boolean hasSteppedBack() {
		return this.steppedBack;
	}

	@Override
	final boolean yielded(long now) {
		super.yielded(now);
		if (this.steppedBack) {
			this.steppedBack = false;
			return false;
		}
		if (now - this.recentSinceNanos > RECENT_NANOS || this.yields == 0) {
			this.recentSinceNanos = now;
			this.pollsBefore = this.polls - 1;
			this.yieldsBefore = this.yields;
		}
		this.yields++;
		return true;
	}

	@Override
	@SuppressWarnings("NonAtomicVolatileUpdate") // once in a poll
	final void lostWorker(Strand.Pace pace) {
		super.lostWorker(pace);
		if (pace == Strand.Pace.BLOCKING) {
			this.blockedHandoffs++;
		}
		else {
			this.burningHandoffs++;
		}
	}

	@Override
	final void ranBeside(Strand.@Nullable Pace pace) {
		int slow = (pace != null && pace != Strand.Pace.FAST) ? 1 : 0;
		int unclear = (pace != null) ? 0 : 1;
		this.slowRuns += slow;
		this.unclearRuns += unclear;
		if (hasBegunInPoll()) {
			this.stallsBefore += slow;
			this.unclearBefore += unclear;
		}
		else {
			super.ranBeside(pace);
		}
	}

	/**
	 * Notes that the running poll begins other work: what has happened so far, and how
	 * the rest of a poll beside the workers goes, is not its own.
	 */
	final void workBegan() {
		this.stallsBefore = stalls();
		this.unclearBefore = this.unclearRuns;
		this.firstPoll = this.polls;
	}

	/**
	 * Returns whether the work of this began in the running or last poll, after other
	 * work.
	 */
	final boolean hasBegunInPoll() {
		return this.polls > 0 && this.firstPoll == this.polls;
	}

	/**
	 * Returns in how many polls the work of this kept the thread for too long.
	 */
	final int ownStalls() {
		return stalls() - this.stallsBefore;
	}

	final int ownUnclearRuns() {
		return this.unclearRuns - this.unclearBefore;
	}

	/**
	 * Notes a stall of the running poll.
	 */
	final void noteStall(StallMark stall) {
		this.lastStall = stall;
	}

	/**
	 * Notes how long the work of this waited elsewhere. Only before it is scheduled for
	 * the first time.
	 */
	final void waitedBefore(long nanos) {
		this.waitedNanos = nanos;
	}

	final long busyNanos() {
		return this.busyNanos;
	}

	final long queuedNanos() {
		return this.queuedNanos;
	}

	final long longestPollNanos() {
		return this.longestPollNanos;
	}

	final long waitedNanos() {
		return this.waitedNanos;
	}

	final int handoffs() {
		return this.blockedHandoffs + this.burningHandoffs;
	}

	final int blockedHandoffs() {
		return this.blockedHandoffs;
	}

	final int burningHandoffs() {
		return this.burningHandoffs;
	}

	/**
	 * Returns in how many polls the thread was kept for too long, wherever they ran.
	 */
	final int stalls() {
		return handoffs() + this.slowRuns;
	}

	final int polls() {
		return this.polls;
	}

	final int yields() {
		return this.yields;
	}

	/**
	 * Returns how many polls there were since the first recent yield.
	 */
	final int recentPolls(long now) {
		return isRecent(now) ? this.polls - this.pollsBefore : 0;
	}

	final int recentYields(long now) {
		return isRecent(now) ? this.yields - this.yieldsBefore : 0;
	}

	private boolean isRecent(long now) {
		return this.yields > 0 && now - this.recentSinceNanos <= RECENT_NANOS;
	}

	final int moves() {
		return this.moves;
	}

	final @Nullable StallMark lastStall() {
		return this.lastStall;
	}

	/**
	 * Returns the worker of the last poll, or -1.
	 */
	final int lastWorker() {
		return this.lastWorker - 1;
	}

	final @Nullable Object label() {
		return this.label;
	}

	/**
	 * Changes how the strand is listed. Only for the list.
	 * @return how it was listed before
	 */
	final StrandRegistry.@Nullable Entry listAs(StrandRegistry.@Nullable Entry entry, @Nullable Object label) {
		StrandRegistry.Entry old = this.entry;
		this.entry = entry;
		this.label = label;
		return old;
	}

}
