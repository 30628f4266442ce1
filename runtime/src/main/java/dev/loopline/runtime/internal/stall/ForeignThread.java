package dev.loopline.runtime.internal.stall;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a thread of another library. Guarded by the watch.
 */
final class ForeignThread {

	/*-
	 * What is known without a stack
	 * -----------------------------
	 * A thread that has used no processor time since the last check is where it was then. So one look is enough for
	 * one that waits, in the application's code or in its selector, until it moves again.
	 *
	 * One that moves may be in the same code at two looks and have left it in between. It is to blame only if it was
	 * never found elsewhere for as long as SURE_NANOS.
	 */

	/** Five looks at least. */
	static final long SURE_NANOS = 250_000_000;

	/**
	 * Whether a look is worth its cost.
	 */
	enum Look {

		NEEDED, IF_CHEAP, NONE

	}

	final Thread thread;

	final ForeignPoolEntry pool;

	private long cpu = Long.MIN_VALUE;

	/** When a check found that it had moved. */
	private long movedNanos;

	/** Whether it was looked at since then. */
	private boolean known;

	/** The application's outermost frame, while it is there at every look. */
	private @Nullable StackTraceElement place;

	private long placeNanos;

	private long placeCpu;

	private boolean sure;

	private @Nullable ForeignStall stall;

	ForeignThread(Thread thread, ForeignPoolEntry pool) {
		this.thread = thread;
		this.pool = pool;
	}

	/**
	 * Forgets for how long it has been where it is: nobody was able to move.
	 */
	void resume() {
		this.cpu = Long.MIN_VALUE;
		leave();
	}

	Look check(long cpu, long now, long threshold) {
		if (cpu != this.cpu) {
			this.cpu = cpu;
			this.movedNanos = now;
			this.known = false;
			return (this.place != null) ? Look.NEEDED : Look.IF_CHEAP;
		}
		if (this.known && this.stall != null) {
			this.stall.lasts(now);
		}
		return (!this.known && now - this.movedNanos >= threshold) ? Look.NEEDED : Look.NONE;
	}

	/**
	 * Takes in what a look has shown.
	 * @param frames the application's frames, the innermost first
	 * @param waiting whether it waits for something else than the processor
	 * @return a stall that nobody knew of, if it is one
	 */
	@Nullable ForeignStall looked(List<StackTraceElement> frames, boolean waiting, long cpu, long now, long threshold) {
		boolean still = cpu == this.cpu && now - this.movedNanos >= threshold;
		if (frames.isEmpty()) {
			this.known = still;
			leave();
			return null;
		}
		StackTraceElement outermost = frames.get(frames.size() - 1);
		if (this.place == null || !isSameMethod(this.place, outermost)) {
			leave();
			this.place = outermost;
			this.placeNanos = now;
			this.placeCpu = cpu;
		}
		if (still && waiting) {
			this.known = true;
			return begin(false, this.movedNanos, now);
		}
		long lasted = now - this.placeNanos;
		if (!this.sure && lasted >= Math.max(threshold, SURE_NANOS)) {
			this.sure = true;
			return begin(2 * (cpu - this.placeCpu) > lasted, this.placeNanos, now);
		}
		if (this.sure && this.stall != null) {
			this.stall.lasts(now);
		}
		return null;
	}

	private ForeignStall begin(boolean burning, long start, long now) {
		if (this.stall != null) {
			this.stall.ends();
		}
		this.stall = new ForeignStall(burning, start, now);
		return this.stall;
	}

	/** It may be on another line of it: what matters is that it has not returned. */
	private static boolean isSameMethod(StackTraceElement one, StackTraceElement other) {
		return one.getMethodName().equals(other.getMethodName()) && one.getClassName().equals(other.getClassName());
	}

	/**
	 * Ends what was seen.
	 */
	void leave() {
		if (this.stall != null) {
			this.stall.ends();
		}
		this.stall = null;
		this.place = null;
		this.sure = false;
	}

}
