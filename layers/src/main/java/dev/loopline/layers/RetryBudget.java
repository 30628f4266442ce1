package dev.loopline.layers;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many requests may be sent again: a share of those of the last while, and a few each
 * second whatever there were. So a server that fails gets a fifth more, and not three
 * times as much. Lock-free, safe for use by many threads.
 */
public final class RetryBudget {

	/** Parts of a retry: shares are exact to a thousandth. */
	private static final long RETRY = 1_000;

	private final double share;

	private final long deposit;

	/** What may be owed to those of each second. */
	private final long reserve;

	private final SlidingSum balance;

	/**
	 * Creates a budget.
	 * @param share retries for a request; from 0 to 10
	 * @param minPerSecond retries in a second whatever there were; at least 0
	 * @param window for how long requests and retries count; from a second to a minute
	 * @param clock says nanoseconds since any time
	 */
	public RetryBudget(double share, int minPerSecond, Duration window, LongSupplier clock) {
		if (!(share >= 0 && share <= 10)) {
			throw new IllegalArgumentException("share must be from 0 to 10, but was " + share);
		}
		if (minPerSecond < 0) {
			throw new IllegalArgumentException("minPerSecond must not be negative, but was " + minPerSecond);
		}
		if (window.compareTo(Duration.ofSeconds(1)) < 0 || window.compareTo(Duration.ofMinutes(1)) > 0) {
			throw new IllegalArgumentException("window must be from a second to a minute, but was " + window);
		}
		this.share = share;
		this.deposit = Math.round(share * RETRY);
		this.reserve = minPerSecond * window.toMillis() * RETRY / 1_000;
		this.balance = new SlidingSum(TimeUnit.NANOSECONDS.convert(window), Objects.requireNonNull(clock, "clock"));
	}

	/**
	 * Creates the budget that Finagle has, and Tower: a fifth, ten in a second, for ten
	 * seconds.
	 * @return a new budget
	 */
	public static RetryBudget ofDefaults() {
		return new RetryBudget(0.2, 10, Duration.ofSeconds(10), System::nanoTime);
	}

	/**
	 * Counts a request that is sent for the first time.
	 */
	public void deposit() {
		this.balance.add(this.deposit);
	}

	/**
	 * Takes what a retry costs.
	 * @return {@code false} if there is not enough, and the request must not be sent
	 * again
	 */
	public boolean withdraw() {
		return this.balance.takeIfAtLeast(RETRY, RETRY - this.reserve);
	}

	/**
	 * Returns for how many retries there is enough.
	 * @return the number now
	 */
	public long remaining() {
		return Math.max(0, (this.balance.sum() + this.reserve) / RETRY);
	}

	@Override
	public String toString() {
		return "%s of the requests, %d left".formatted(this.share, remaining());
	}

}
