package dev.loopline.runtime;

import java.util.function.IntSupplier;

/**
 * How much of the processors those may use that burn. Guarded by the lane.
 */
final class BurnShare {

	/*-
	 * One permit each
	 * ---------------
	 * A burner takes from the workers whatever the operating system gives to one more thread. As long as nothing
	 * waits on the workers nobody misses it, and there is a permit for each processor. Once something has waited
	 * for a few milliseconds, burners have a share of the processors between them: as many permits as that is, and
	 * an account. What the share is worth comes in with time, and what they use goes out; as long as there is
	 * nothing on it no burner is admitted. So a share of less than a processor is one, too.
	 *
	 * That something waits is believed for a while: with fewer burners less of it does.
	 */

	/** A few milliseconds: the bound of a bucket of the histogram. */
	static final long WAIT_NANOS = 1 << 22;

	/** How long it is believed that work waits. */
	static final long MEMORY_NANOS = 1_000_000_000;

	/** What an account holds at most, in time of the whole share. */
	private static final long SAVINGS_NANOS = 50_000_000;

	private final double share;

	private final IntSupplier processors;

	/** Processor time that burners may still use. */
	private double account;

	private long lastNanos;

	private long pressedUntil;

	/**
	 * Creates a share.
	 * @param share of the processors, from 0 exclusively to 1
	 * @param processors how many there are now
	 */
	BurnShare(double share, IntSupplier processors, long now) {
		this.share = share;
		this.processors = processors;
		this.lastNanos = now;
		this.pressedUntil = now;
		this.account = savings();
	}

	private double savings() {
		return SAVINGS_NANOS * this.share * this.processors.getAsInt();
	}

	/**
	 * Takes note of the time.
	 * @param waits whether work has waited on the workers since the last time
	 * @param burned processor time that burners have used since
	 */
	void update(long now, boolean waits, long burned) {
		if (waits) {
			this.pressedUntil = now + MEMORY_NANOS;
		}
		double earned = (now - this.lastNanos) * this.share * this.processors.getAsInt();
		this.account = isPressed(now) ? Math.min(this.account + earned - burned, savings()) : savings();
		this.lastNanos = now;
	}

	private boolean isPressed(long now) {
		return now - this.pressedUntil < 0;
	}

	/**
	 * Returns how many may burn at once.
	 */
	int permits(long now) {
		int processors = this.processors.getAsInt();
		return isPressed(now) ? Math.max(1, (int) Math.ceil(this.share * processors)) : processors;
	}

	/**
	 * Returns whether they have used up what they may for now.
	 */
	boolean isSpent() {
		return this.account <= 0;
	}

}
