package dev.loopline.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * What the operating system knows of the runtime's threads and the JVM does not: whether
 * one that is "runnable" sleeps in a system call, such as the read of a socket. Safe for
 * use by many threads.
 */
final class OsThreads {

	/*-
	 * Linux tells the state of a thread in a file. Reading it takes some 10 us, so it is not read again
	 * once a thread is known to sleep: as long as its processor time does not move it still does. It is
	 * read only when that time has stood still between two looks, and must say twice, a while apart, that
	 * the thread sleeps: a pause of the whole process puts all of them to sleep, and right after it a
	 * thread may be found asleep that is about to go on. Elsewhere a thread that has not used the processor
	 * for long is taken to sleep: nobody waits for a processor for that long.
	 */

	private static final Path PROC = Path.of("/proc");

	/** A link to the directory of the calling thread. */
	private static final Path SELF = PROC.resolve("thread-self");

	/** Less than between two looks of the monitor. */
	private static final long STILL_NANOS = 1_000_000;

	private static final long LONG_NANOS = 50_000_000;

	private final Map<Thread, Sight> sights = new ConcurrentHashMap<>();

	/**
	 * Watches the thread that runs something, for as long as it does.
	 */
	Runnable watching(Runnable runnable) {
		return () -> {
			Thread thread = Thread.currentThread();
			watch(thread);
			try {
				runnable.run();
			}
			finally {
				this.sights.remove(thread);
			}
		};
	}

	private void watch(Thread thread) {
		try {
			this.sights.put(thread, new Sight(stateOfCurrentThread()));
		}
		catch (Throwable ex) {
			// Better a thread that nobody watches than none.
		}
	}

	private static @Nullable BooleanSupplier stateOfCurrentThread() {
		try {
			Path stat = PROC.resolve(Files.readSymbolicLink(SELF)).resolve("stat");
			return () -> isAsleep(stat);
		}
		catch (IOException | RuntimeException ex) {
			return null;
		}
	}

	/** The state follows the name, which is in parentheses and may hold some. */
	private static boolean isAsleep(Path stat) {
		try {
			String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
			char state = text.charAt(text.lastIndexOf(')') + 2);
			return state == 'S' || state == 'D';
		}
		catch (IOException | RuntimeException ex) {
			return false;
		}
	}

	/**
	 * Returns whether a thread that the JVM calls runnable sleeps.
	 * @param cpuNanos the processor time that it has used
	 * @param now the time
	 */
	boolean isAsleep(Thread thread, long cpuNanos, long now) {
		Sight sight = this.sights.get(thread);
		return sight != null && sight.isAsleep(cpuNanos, now);
	}

	/**
	 * What was seen of one thread. Only for the monitor, after its creation.
	 */
	static final class Sight {

		/** Asks the operating system whether the thread sleeps, if it can tell. */
		private final @Nullable BooleanSupplier state;

		private long cpuNanos = -1;

		/** When the processor time or what the system says changed. */
		private long since;

		/** Whether the system has said once that the thread sleeps. */
		private boolean dozing;

		private boolean asleep;

		Sight(@Nullable BooleanSupplier state) {
			this.state = state;
		}

		boolean isAsleep(long cpuNanos, long now) {
			if (this.cpuNanos != cpuNanos) {
				this.cpuNanos = cpuNanos;
				this.since = now;
				this.dozing = false;
				this.asleep = false;
			}
			else if (!this.asleep) {
				this.asleep = (this.state != null) ? isStillAsleep(this.state, now) : now - this.since >= LONG_NANOS;
			}
			return this.asleep;
		}

		private boolean isStillAsleep(BooleanSupplier state, long now) {
			if (now - this.since < STILL_NANOS) {
				return false;
			}
			boolean dozed = this.dozing;
			this.dozing = state.getAsBoolean();
			if (this.dozing != dozed) {
				this.since = now;
			}
			return dozed && this.dozing;
		}

	}

}
