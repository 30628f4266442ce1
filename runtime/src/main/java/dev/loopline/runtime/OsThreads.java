package dev.loopline.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * What the operating system knows of the runtime's threads and the JVM does not: whether
 * one that is "runnable" sleeps in a system call, such as the read of a socket. Safe for
 * use by many threads.
 */
final class OsThreads {

	/*-
	 * Linux tells the state of a thread in a file. Reading it takes some 10 us, so it is read once per
	 * sleep: a thread whose processor time has not moved since it was found asleep still sleeps. And it is
	 * read only when that time has stood still between two looks: right after a pause of the whole process
	 * a thread may be found asleep that is about to go on. Elsewhere a thread that has not used the
	 * processor for long is taken to sleep: nobody waits for a processor for that long.
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
			this.sights.put(thread, new Sight(statOfCurrentThread()));
			try {
				runnable.run();
			}
			finally {
				this.sights.remove(thread);
			}
		};
	}

	private static @Nullable Path statOfCurrentThread() {
		try {
			return PROC.resolve(Files.readSymbolicLink(SELF)).resolve("stat");
		}
		catch (IOException | RuntimeException ex) {
			return null;
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
	private static final class Sight {

		private final @Nullable Path stat;

		private long cpuNanos = -1;

		private long since;

		private boolean asleep;

		Sight(@Nullable Path stat) {
			this.stat = stat;
		}

		boolean isAsleep(long cpuNanos, long now) {
			if (this.cpuNanos != cpuNanos) {
				this.cpuNanos = cpuNanos;
				this.since = now;
				this.asleep = false;
			}
			else if (!this.asleep && now - this.since >= STILL_NANOS) {
				this.asleep = (this.stat != null) ? isAsleepIn(this.stat) : now - this.since >= LONG_NANOS;
			}
			return this.asleep;
		}

		/** The state follows the name, which is in parentheses and may hold some. */
		private static boolean isAsleepIn(Path stat) {
			try {
				String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
				char state = text.charAt(text.lastIndexOf(')') + 2);
				return state == 'S' || state == 'D';
			}
			catch (IOException | RuntimeException ex) {
				return false;
			}
		}

	}

}
