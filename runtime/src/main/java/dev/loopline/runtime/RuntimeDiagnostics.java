package dev.loopline.runtime;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.loopline.runtime.stall.Stalls;

/**
 * What a {@link TaskRuntime} shows of itself, in whichever of its lives. Safe for use by
 * many threads.
 */
public final class RuntimeDiagnostics {

	private final TaskRuntime runtime;

	RuntimeDiagnostics(TaskRuntime runtime) {
		this.runtime = runtime;
	}

	/**
	 * Returns what the runtime is doing now.
	 * @return a snapshot; values of different workers may be a few polls apart
	 */
	public RuntimeSnapshot snapshot() {
		return scheduler().snapshot();
	}

	/**
	 * Returns how long whatever is queued waits at the least.
	 * @return a live view, of this life of the runtime
	 */
	public QueueDelay queueDelay() {
		return scheduler().monitor().queueDelay();
	}

	/**
	 * Returns the polls that outlasted the stall threshold.
	 * @return a live view
	 */
	public Stalls stalls() {
		return scheduler().stalls();
	}

	/**
	 * Returns the strands that are listed and alive, in no order. Cheap enough for a
	 * hundred thousand: what a strand is called and where it is running is found out when
	 * asked for.
	 * @return a stream of snapshots, to be used at once
	 */
	public Stream<StrandSnapshot> strands() {
		Scheduler scheduler = scheduler();
		long now = scheduler.ticker().nanos();
		return scheduler.strands()
			.entries()
			.map((entry) -> StrandSnapshot.of(entry, now))
			.filter(Objects::nonNull)
			.map(Objects::requireNonNull);
	}

	/**
	 * Lists tasks that have not ended: those that run, then those that wait for a worker,
	 * then those that are suspended.
	 * @param limit how many to list at most
	 * @return a snapshot, in which a task that moves meanwhile may be missing
	 * @throws IllegalArgumentException if the limit is negative
	 */
	public List<TaskSnapshot> tasks(int limit) {
		if (limit < 0) {
			throw new IllegalArgumentException("limit must not be negative, but was " + limit);
		}
		return scheduler().tasks().snapshot(limit);
	}

	private Scheduler scheduler() {
		return this.runtime.scheduler();
	}

}
