package dev.loopline.runtime.internal.queue;

/**
 * A seeded xorshift generator. Not thread-safe: every thread owns one.
 */
public final class FastRandom {

	private int state;

	public FastRandom(long seed) {
		int mixed = (int) (seed ^ (seed >>> 32)) * 0x9E3779B9;
		this.state = (mixed != 0) ? mixed : 0x9E3779B9;
	}

	/**
	 * Returns a number from 0 (inclusive) to {@code bound} (exclusive) by multiplication
	 * instead of division (Lemire, 2018).
	 */
	public int nextInt(int bound) {
		int x = this.state;
		x ^= x << 13;
		x ^= x >>> 17;
		x ^= x << 5;
		this.state = x;
		return (int) (((x & 0xFFFFFFFFL) * bound) >>> 32);
	}

}
