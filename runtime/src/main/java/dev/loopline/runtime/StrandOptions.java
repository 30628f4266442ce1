package dev.loopline.runtime;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * How a strand runs. Immutable.
 */
public final class StrandOptions {

	/** On whichever worker is free. */
	public static final StrandOptions DEFAULTS = new StrandOptions(-1, false, Strand.Pace.FAST, false, null);

	private final int worker;

	private final boolean pinned;

	private final Strand.Pace pace;

	private final boolean blocking;

	private final @Nullable Object route;

	private StrandOptions(int worker, boolean pinned, Strand.Pace pace, boolean blocking, @Nullable Object route) {
		this.worker = worker;
		this.pinned = pinned;
		this.pace = pace;
		this.blocking = blocking;
		this.route = route;
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
		return new StrandOptions(worker, this.pinned, this.pace, this.blocking, this.route);
	}

	/**
	 * Lets only the strand's home worker run it, holding the token of its driver.
	 * @return the changed options
	 */
	public StrandOptions pinned() {
		return new StrandOptions(this.worker, true, this.pace, this.blocking, this.route);
	}

	/**
	 * Says that the work is known to block: no worker ever runs it, each of its polls
	 * takes a thread of the slow lane, and that it blocks is no stall.
	 * @return the changed options
	 */
	public StrandOptions blocking() {
		return new StrandOptions(this.worker, this.pinned, Strand.Pace.BLOCKING, true, this.route);
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
				this.blocking, this.route);
	}

	/**
	 * Says which route the work is of: when it must wait for a thread of the slow lane,
	 * it waits behind its like, and routes take turns.
	 * @param route what stands for the route; compared with others by its {@code equals}
	 * @return the changed options
	 */
	public StrandOptions route(Object route) {
		Objects.requireNonNull(route, "route");
		return new StrandOptions(this.worker, this.pinned, this.pace, this.blocking, route);
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

	@Nullable Object route() {
		return this.route;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof StrandOptions options && this.worker == options.worker && this.pinned == options.pinned
				&& this.pace == options.pace && this.blocking == options.blocking
				&& Objects.equals(this.route, options.route);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.worker, this.pinned, this.pace, this.blocking, this.route);
	}

	@Override
	public String toString() {
		return "StrandOptions[worker=%d, pinned=%s, pace=%s, blocking=%s, route=%s]".formatted(this.worker, this.pinned,
				this.pace, this.blocking, this.route);
	}

}
