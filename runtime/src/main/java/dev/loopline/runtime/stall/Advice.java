package dev.loopline.runtime.stall;

import java.util.Objects;

/**
 * What warnings tell a developer to do, in the words of whoever configures the runtime.
 * Immutable.
 *
 * @param blocking about work that waits on its thread
 * @param burning about work that computes for long
 * @param exhaustion about all blocking threads being busy
 */
public record Advice(String blocking, String burning, String exhaustion) {

	/** For a program that configures the runtime by itself. */
	public static final Advice DEFAULTS = new Advice(
			"Nothing else waits for it, but it costs a thread: call it through TaskRuntime.spawnBlocking",
			"Nothing else waits for it, but all share the CPU: make it cheaper or do it in smaller steps",
			"Let them block for shorter, or raise blockingThreads");

	public Advice {
		Objects.requireNonNull(blocking, "blocking");
		Objects.requireNonNull(burning, "burning");
		Objects.requireNonNull(exhaustion, "exhaustion");
	}

	/**
	 * Returns what to do about a stall.
	 * @param kind the kind of the stall
	 * @return a sentence without a full stop
	 */
	public String about(Stall.Kind kind) {
		return (kind == Stall.Kind.BLOCKING) ? this.blocking : this.burning;
	}

}
