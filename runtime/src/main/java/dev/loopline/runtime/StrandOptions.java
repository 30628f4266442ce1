package dev.loopline.runtime;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * How a strand runs. Immutable.
 */
public final class StrandOptions {

	/** On whichever worker is free. */
	public static final StrandOptions DEFAULTS = new StrandOptions(-1, false, Strand.Pace.FAST, false);

	private final int worker;

	private final boolean pinned;

	private final Strand.Pace pace;

	private final boolean blocking;

	private StrandOptions(int worker, boolean pinned, Strand.Pace pace, boolean blocking) {
		this.worker = worker;
		this.pinned = pinned;
		this.pace = pace;
		this.blocking = blocking;
	}

	/**
	 * Chooses the worker that keeps the timers of the strand.
	 * @param worker the index of the worker
	 * @return the changed options
	 * @throws IllegalArgumentException if the index is negative
	 */
	public StrandOptions homeWorker(int worker) {
		if (worker < 0) {
			throw new IllegalArgumentException("worker must not be negative, but was " + worker);
		}
		return new StrandOptions(worker, this.pinned, this.pace, this.blocking);
	}

	/**
	 * Lets only the strand's home worker run it, holding the token of its driver.
	 * @return the changed options
	 */
	public StrandOptions pinned() {
		return new StrandOptions(this.worker, true, this.pace, this.blocking);
	}

	/**
	 * Says that the work is known to block: no worker ever runs it, each of its polls
	 * takes a thread of the slow lane, and that it blocks is no stall.
	 * @return the changed options
	 */
	public StrandOptions blocking() {
		return new StrandOptions(this.worker, this.pinned, Strand.Pace.BLOCKING, true);
	}

	/**
	 * Says that the work is expected to stall as another strand did: no worker ever runs
	 * it, and if the other one used the processor for too long it waits for its turn
	 * among such strands.
	 * @param example a strand that stalled
	 * @return the changed options
	 */
	public StrandOptions slowLike(Strand example) {
		Objects.requireNonNull(example, "example");
		Strand.Pace pace = example.pace();
		return new StrandOptions(this.worker, this.pinned, (pace != Strand.Pace.FAST) ? pace : Strand.Pace.BLOCKING,
				this.blocking);
	}

	/**
	 * Returns the index of the home worker; negative for the next in turn.
	 */
	int worker() {
		return this.worker;
	}

	boolean isPinned() {
		return this.pinned;
	}

	Strand.Pace pace() {
		return this.pace;
	}

	boolean isBlocking() {
		return this.blocking;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof StrandOptions options && this.worker == options.worker && this.pinned == options.pinned
				&& this.pace == options.pace && this.blocking == options.blocking;
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.worker, this.pinned, this.pace, this.blocking);
	}

	@Override
	public String toString() {
		return "StrandOptions[worker=%d, pinned=%s, pace=%s, blocking=%s]".formatted(this.worker, this.pinned,
				this.pace, this.blocking);
	}

}
