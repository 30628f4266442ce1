package dev.loopline.layers;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * A bucket of permits for each key, which is full at first and fills at a steady rate.
 * Safe for use by many threads.
 */
public final class RateLimiter {

	/*-
	 * Exact numbers
	 * -------------
	 * A bucket knows how much is missing from it, in units of which a permit has P and a nanosecond brings N, where
	 * N / P is permits / period in lowest terms. So whole numbers do, and nothing is rounded, however often it is
	 * asked.
	 *
	 * Few keys
	 * --------
	 * A bucket that is full is as good as none. Who has not been asked for as long as it takes to fill an empty
	 * bucket is full, so in the order of the last time that somebody asked the full ones come first, and are taken
	 * away two at a time. If there are as many keys as may be and none is full, further keys share a bucket: whoever
	 * makes up keys takes no memory and nobody else's bucket by that.
	 */

	/** Of permits that a bucket holds, in their units: a quarter of the range. */
	private static final BigInteger MOST = BigInteger.ONE.shiftLeft(61);

	private final int burst;

	private final int maxKeys;

	private final LongSupplier clock;

	private final long unitsPerPermit;

	private final long unitsPerNano;

	private final long capacity;

	/** Time to fill an empty bucket. */
	private final long fillNanos;

	@GuardedBy("this")
	private final LinkedHashMap<Object, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

	/** Of all keys that came when there were too many. */
	private final Bucket others;

	/**
	 * Creates full buckets.
	 * @param permits how many a bucket gets in a period; at least 1
	 * @param period the period; must be positive
	 * @param burst how many a bucket holds; at least 1
	 * @param maxKeys how many keys have a bucket of their own; at least 1
	 * @param clock says nanoseconds since any time
	 */
	public RateLimiter(int permits, Duration period, int burst, int maxKeys, LongSupplier clock) {
		requireAtLeastOne("permits", permits);
		requireAtLeastOne("burst", burst);
		requireAtLeastOne("maxKeys", maxKeys);
		if (period.isNegative() || period.isZero()) {
			throw new IllegalArgumentException("period must be positive, but was " + period);
		}
		this.burst = burst;
		this.maxKeys = maxKeys;
		this.clock = Objects.requireNonNull(clock, "clock");
		long nanos = TimeUnit.NANOSECONDS.convert(period);
		long divisor = BigInteger.valueOf(nanos).gcd(BigInteger.valueOf(permits)).longValueExact();
		this.unitsPerPermit = nanos / divisor;
		this.unitsPerNano = permits / divisor;
		BigInteger capacity = BigInteger.valueOf(this.unitsPerPermit).multiply(BigInteger.valueOf(burst));
		if (capacity.compareTo(MOST) > 0) {
			throw new IllegalArgumentException(
					"%d permits in %s are too slow for a burst of %d".formatted(permits, period, burst));
		}
		this.capacity = capacity.longValueExact();
		this.fillNanos = nanos(this.capacity);
		this.others = new Bucket(this.clock.getAsLong());
	}

	private static void requireAtLeastOne(String name, int value) {
		if (value < 1) {
			throw new IllegalArgumentException(name + " must be at least 1, but was " + value);
		}
	}

	/**
	 * Takes a permit if there is one.
	 * @param key whose bucket
	 * @return whether there was, and what is left
	 */
	public synchronized Decision take(Object key) {
		long now = this.clock.getAsLong();
		Bucket bucket = bucket(key, now);
		fill(bucket, now);
		boolean granted = bucket.missing <= this.capacity - this.unitsPerPermit;
		if (granted) {
			bucket.missing += this.unitsPerPermit;
		}
		int remaining = Math.toIntExact((this.capacity - bucket.missing) / this.unitsPerPermit);
		long wait = (remaining > 0) ? 0 : nanos(bucket.missing + this.unitsPerPermit - this.capacity);
		return new Decision(granted, remaining, Duration.ofNanos(wait));
	}

	@GuardedBy("this")
	private Bucket bucket(Object key, long now) {
		Bucket bucket = this.buckets.get(key);
		if (bucket != null) {
			return bucket;
		}
		evict(now);
		if (this.buckets.size() >= this.maxKeys) {
			return this.others;
		}
		Bucket added = new Bucket(now);
		this.buckets.put(key, added);
		return added;
	}

	@GuardedBy("this")
	private void evict(long now) {
		Iterator<Map.Entry<Object, Bucket>> eldest = this.buckets.entrySet().iterator();
		for (int i = 0; i < 2 && eldest.hasNext(); i++) {
			if (now - eldest.next().getValue().atNanos < this.fillNanos) {
				return;
			}
			eldest.remove();
		}
	}

	private void fill(Bucket bucket, long now) {
		long nanos = now - bucket.atNanos;
		if (nanos <= 0) {
			return;
		}
		bucket.missing = (nanos >= this.fillNanos) ? 0 : Math.max(0, bucket.missing - nanos * this.unitsPerNano);
		bucket.atNanos = now;
	}

	/** Rounded up: there is a permit then. */
	private long nanos(long units) {
		return (units + this.unitsPerNano - 1) / this.unitsPerNano;
	}

	/**
	 * Returns how many permits a bucket holds.
	 * @return the number
	 */
	public int burst() {
		return this.burst;
	}

	/**
	 * Returns how many keys have a bucket of their own.
	 * @return the number now
	 */
	public synchronized int keys() {
		return this.buckets.size();
	}

	/**
	 * Whether there was a permit.
	 *
	 * @param granted whether there was one
	 * @param remaining how many there are
	 * @param retryAfter in how long there will be one; zero if there is
	 */
	public record Decision(boolean granted, int remaining, Duration retryAfter) {
	}

	/**
	 * What is missing, and when that was so.
	 */
	private static final class Bucket {

		private long missing;

		private long atNanos;

		Bucket(long atNanos) {
			this.atNanos = atNanos;
		}

	}

}
