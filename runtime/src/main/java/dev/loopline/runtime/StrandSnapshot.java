package dev.loopline.runtime;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.stall.StallMark;
import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkContext;
import dev.loopline.runtime.stall.WorkDescription;

/**
 * What a {@link Strand} had done at one moment. Immutable, but for the stack, which is
 * taken when it is asked for.
 */
public final class StrandSnapshot {

	/** Longer names are cut: they may come from the network. */
	private static final int MAX_NAME = 200;

	private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

	private final StrandRegistry.Entry entry;

	private final State state;

	private final @Nullable Object label;

	private final @Nullable Thread thread;

	private final @Nullable WorkContext context;

	private final long now;

	private final long sinceNanos;

	private final long busyNanos;

	private final long queuedNanos;

	private final long longestPollNanos;

	private final int polls;

	private final int yields;

	private final int recentPolls;

	private final int recentYields;

	private final int moves;

	private final @Nullable StallMark stall;

	private final int lastWorker;

	private StrandSnapshot(StrandRegistry.Entry entry, Strand strand, long now) {
		this.entry = entry;
		this.now = now;
		this.label = strand.label();
		this.thread = strand.runner();
		this.state = State.of(strand);
		this.context = strand.context();
		long since = strand.sinceNanos();
		this.sinceNanos = (since == 0) ? entry.sinceNanos : since;
		long inState = Math.max(0, now - this.sinceNanos);
		this.busyNanos = strand.busyNanos() + ((this.state == State.RUNNING) ? inState : 0);
		this.queuedNanos = strand.queuedNanos() + (this.state.isWaiting() ? inState : 0);
		this.longestPollNanos = Math.max(strand.longestPollNanos(), (this.state == State.RUNNING) ? inState : 0);
		this.polls = strand.polls();
		this.yields = strand.yields();
		this.recentPolls = strand.recentPolls(now);
		this.recentYields = strand.recentYields(now);
		this.moves = strand.moves();
		this.stall = strand.lastStall();
		this.lastWorker = strand.lastWorker();
	}

	static @Nullable StrandSnapshot of(StrandRegistry.Entry entry, long now) {
		Strand strand = entry.get();
		return (strand != null) ? new StrandSnapshot(entry, strand, now) : null;
	}

	/**
	 * Returns the number of the strand, unique within the runtime.
	 * @return the number
	 */
	public long id() {
		return this.entry.id();
	}

	/**
	 * Returns what the strand is for.
	 * @return the kind
	 */
	public StrandKind kind() {
		return this.entry.kind;
	}

	/**
	 * Returns what the strand is called. It may come from a stranger: control characters
	 * are replaced and a long name is cut, but no markup is escaped.
	 * @return the name, empty if there is none
	 */
	public String name() {
		Object label = this.label;
		String name = (label != null) ? Failures.text(label) : "";
		if (name.length() > MAX_NAME) {
			name = name.substring(0, MAX_NAME - 1) + '…';
		}
		return CONTROL.matcher(name).replaceAll(" ");
	}

	/**
	 * Returns what the strand is at.
	 * @return the state
	 */
	public State state() {
		return this.state;
	}

	/**
	 * Returns what the strand is working for.
	 * @return what its context says now, or {@code null} if it has none or that fails
	 */
	public @Nullable WorkDescription work() {
		try {
			return (this.context != null) ? this.context.describe() : null;
		}
		catch (Throwable ex) {
			return null; // better a strand without a route than none
		}
	}

	/**
	 * Returns how long the strand has been listed.
	 * @return the age
	 */
	public Duration age() {
		return Duration.ofNanos(Math.max(0, this.now - this.entry.sinceNanos));
	}

	/**
	 * Returns for how long the strand has been in its state; for an idle one, the time
	 * since its last poll began.
	 * @return the time
	 */
	public Duration stateFor() {
		return Duration.ofNanos(Math.max(0, this.now - this.sinceNanos));
	}

	/**
	 * Returns the time spent in polls, the running one included.
	 * @return the time
	 */
	public Duration busy() {
		return Duration.ofNanos(this.busyNanos);
	}

	/**
	 * Returns the time spent waiting for a thread.
	 * @return the time
	 */
	public Duration queued() {
		return Duration.ofNanos(this.queuedNanos);
	}

	/**
	 * Returns the time in which there was nothing to do.
	 * @return the time
	 */
	public Duration idle() {
		Duration idle = age().minusNanos(this.busyNanos + this.queuedNanos);
		return idle.isNegative() ? Duration.ZERO : idle;
	}

	/**
	 * Returns the longest poll, the running one included.
	 * @return its time
	 */
	public Duration longestPoll() {
		return Duration.ofNanos(this.longestPollNanos);
	}

	/**
	 * Returns how often the strand was polled.
	 * @return the number of polls
	 */
	public int polls() {
		return this.polls;
	}

	/**
	 * Returns how many polls ended with work left.
	 * @return the number of polls
	 */
	public int yields() {
		return this.yields;
	}

	/**
	 * Returns how often the strand was polled of late: within a minute at most, since the
	 * first of these polls that ended with work left.
	 * @return the number of polls, zero if none of them did
	 */
	public int recentPolls() {
		return this.recentPolls;
	}

	/**
	 * Returns how many of the recent polls ended with work left.
	 * @return the number of polls
	 */
	public int recentYields() {
		return this.recentYields;
	}

	/**
	 * Returns the time since the last {@link Stall} of this strand ended: a poll that
	 * outlasted the threshold for another reason than that it was not given the
	 * processor. That of work that is {@linkplain WorkContext#isBlameless() blameless} is
	 * none.
	 * @return the time, zero if the stall has not ended, {@code null} if there was none
	 */
	public @Nullable Duration sinceStall() {
		StallMark stall = this.stall;
		if (stall == null || stall.isExcused() || !stall.isOver() && isBlameless()) {
			return null;
		}
		return Duration.ofNanos(stall.ageNanos(this.now));
	}

	/**
	 * Returns whether a {@link Stall} of this strand has not ended.
	 * @return whether it keeps a thread now
	 */
	public boolean isStalled() {
		StallMark stall = this.stall;
		return stall != null && !stall.isOver() && sinceStall() != null;
	}

	private boolean isBlameless() {
		try {
			return this.context != null && this.context.isBlameless();
		}
		catch (Throwable ex) {
			return false;
		}
	}

	/**
	 * Returns how often the strand ran on another worker than the time before.
	 * @return the number of moves
	 */
	public int moves() {
		return this.moves;
	}

	/**
	 * Returns the worker that ran the strand last.
	 * @return the index of the worker, or -1 if none did
	 */
	public int lastWorker() {
		return this.lastWorker;
	}

	/**
	 * Returns the stack of the thread that runs the strand, now.
	 * @return the frames, innermost first; empty unless the strand is still running
	 */
	public List<StackTraceElement> stack() {
		Strand strand = this.entry.get();
		Thread thread = this.thread;
		if (strand == null || thread == null || !strand.isRunBy(thread)) {
			return List.of();
		}
		StackTraceElement[] stack = thread.getStackTrace();
		return strand.isRunBy(thread) ? List.of(stack) : List.of();
	}

	/**
	 * What a strand is at.
	 */
	public enum State {

		/** It has nothing to do. */
		IDLE,

		/** It waits for a worker. */
		QUEUED,

		/** It waits for a thread beside the workers, as it was slow last time. */
		LANE,

		/** A thread runs it. */
		RUNNING,

		/** It accepts nothing any more. */
		CLOSED;

		static State of(Strand strand) {
			return switch (strand.state()) {
				case StrandState.IDLE -> IDLE;
				case StrandState.SCHEDULED -> (strand.pace() == Strand.Pace.FAST) ? QUEUED : LANE;
				case StrandState.CLOSED -> CLOSED;
				default -> RUNNING;
			};
		}

		boolean isWaiting() {
			return this == QUEUED || this == LANE;
		}

	}

}
