package dev.loopline.runtime.io;

/**
 * What the {@link IoDriver} of a worker had done at one moment. Immutable.
 *
 * @param registrations what was ever registered for I/O
 * @param registered what is registered now
 * @param mutes times a source was silenced because its strand was busy
 * @param wakeups times the driver was woken, or would have been had it slept
 */
public record DriverSnapshot(long registrations, long registered, long mutes, long wakeups) {

	/** A driver that counts nothing. */
	public static final DriverSnapshot NONE = new DriverSnapshot(0, 0, 0, 0);

}
