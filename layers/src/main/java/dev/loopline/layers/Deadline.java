package dev.loopline.layers;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The moment after which nobody waits for an answer any more. It stands in Reactor's
 * context, so that whoever is asked on the way knows how long it has. Immutable.
 */
public final class Deadline {

	/** As far away as moments may be apart that are compared by their difference. */
	private static final long FARTHEST = Long.MAX_VALUE / 2;

	private final long atNanos;

	private final LongSupplier clock;

	private Deadline(long atNanos, LongSupplier clock) {
		this.atNanos = atNanos;
		this.clock = clock;
	}

	/**
	 * Sets a deadline.
	 * @param time in how long; what is not positive has passed
	 * @return the deadline
	 */
	public static Deadline after(Duration time) {
		return after(time, System::nanoTime);
	}

	/**
	 * Sets a deadline by another clock.
	 * @param time in how long; what is not positive has passed
	 * @param clock says nanoseconds since any time
	 * @return the deadline
	 */
	public static Deadline after(Duration time, LongSupplier clock) {
		long nanos = Math.max(0, Math.min(FARTHEST, TimeUnit.NANOSECONDS.convert(time)));
		return new Deadline(clock.getAsLong() + nanos, Objects.requireNonNull(clock, "clock"));
	}

	/**
	 * Returns the deadline of whoever subscribed.
	 * @param context that of the subscriber
	 * @return its deadline, if it has one
	 */
	public static Optional<Deadline> of(ContextView context) {
		return context.getOrEmpty(Deadline.class);
	}

	/**
	 * Returns how long whoever subscribed waits.
	 * @param context that of the subscriber
	 * @return what is left, zero once the deadline has passed, or nothing if there is
	 * none
	 */
	public static Optional<Duration> remaining(ContextView context) {
		return of(context).map(Deadline::remaining);
	}

	/**
	 * Returns what is left.
	 * @return the time, or zero once it has passed
	 */
	public Duration remaining() {
		return Duration.ofNanos(Math.max(0, nanosLeft()));
	}

	/**
	 * Returns whether nothing is left.
	 * @return whether it has passed
	 */
	public boolean hasPassed() {
		return nanosLeft() <= 0;
	}

	/**
	 * Makes this the deadline of whoever has a context, unless that has an earlier one.
	 * @param context what {@code contextWrite} hands over
	 * @return the new context
	 */
	public Context storeIn(Context context) {
		Deadline other = context.getOrDefault(Deadline.class, null);
		return (other != null && other.nanosLeft() <= nanosLeft()) ? context : context.put(Deadline.class, this);
	}

	private long nanosLeft() {
		return this.atNanos - this.clock.getAsLong();
	}

	@Override
	public String toString() {
		return "in " + remaining();
	}

}
