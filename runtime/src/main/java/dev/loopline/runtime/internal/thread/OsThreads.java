package dev.loopline.runtime.internal.thread;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * What the operating system knows of the runtime's threads and the JVM does not: whether
 * one that is "runnable" sleeps in a system call, such as the read of a socket, whether
 * one that "waits" has been woken and only wants for the processor, and for how long it
 * has. Safe for use by many threads.
 */
public final class OsThreads {

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
	public Runnable watching(Runnable runnable) {
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
			this.sights.put(thread, new Sight(filesOfCurrentThread()));
		}
		catch (Throwable ex) {
			// Better a thread that nobody watches than none.
		}
	}

	private static @Nullable Source filesOfCurrentThread() {
		try {
			return new ThreadFiles(PROC.resolve(Files.readSymbolicLink(SELF)));
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
	public boolean isAsleep(Thread thread, long cpuNanos, long now) {
		Sight sight = this.sights.get(thread);
		return sight != null && sight.isAsleep(cpuNanos, now);
	}

	/**
	 * Returns whether a thread that the JVM calls a waiting one is about to go on, as far
	 * as is known.
	 */
	boolean hasBeenWoken(Thread thread) {
		Source source = source(thread);
		return source != null && source.state() == State.AWAKE;
	}

	/**
	 * Returns for how long a thread has waited for the processor in its life, but for the
	 * wait that it may be in; 0 if that is not known.
	 */
	public long runDelayNanos(Thread thread) {
		Source source = source(thread);
		return (source != null) ? source.runDelayNanos() : 0;
	}

	private @Nullable Source source(Thread thread) {
		Sight sight = this.sights.get(thread);
		return (sight != null) ? sight.source : null;
	}

	/**
	 * What the system says of a thread.
	 */
	enum State {

		/** It waits for something else than the processor. */
		ASLEEP,

		/** It runs, wants to, or is stopped. */
		AWAKE,

		/** It does not say. */
		UNKNOWN

	}

	/**
	 * Where the system tells of one thread.
	 */
	interface Source {

		State state();

		long runDelayNanos();

	}

	/**
	 * The files of a thread on Linux, which a container may hide.
	 */
	static final class ThreadFiles implements Source {

		/** More than what is read of either. */
		private static final int SIZE = 512;

		private final String stat;

		private final String schedstat;

		ThreadFiles(Path directory) {
			this.stat = directory.resolve("stat").toString();
			this.schedstat = directory.resolve("schedstat").toString();
		}

		/** The state follows the name, which is in parentheses and may hold some. */
		@Override
		public State state() {
			String text = read(this.stat);
			int index = text.lastIndexOf(')') + 2;
			if (index < 2 || index >= text.length()) {
				return State.UNKNOWN;
			}
			char state = text.charAt(index);
			return (state == 'S' || state == 'D') ? State.ASLEEP : State.AWAKE;
		}

		/**
		 * The time on the processor, that of waiting for it, and how often it was given.
		 */
		@Override
		public long runDelayNanos() {
			String[] fields = read(this.schedstat).split(" ", 3);
			try {
				return (fields.length == 3) ? Long.parseLong(fields[1]) : 0;
			}
			catch (NumberFormatException ex) {
				return 0;
			}
		}

		private static String read(String file) {
			try (InputStream input = new FileInputStream(file)) {
				return new String(input.readNBytes(SIZE), StandardCharsets.ISO_8859_1);
			}
			catch (IOException | RuntimeException ex) {
				return "";
			}
		}

	}

	/**
	 * What was seen of one thread. Only for the monitor, after its creation.
	 */
	static final class Sight {

		/** Asks the operating system, if it can tell. */
		private final @Nullable Source source;

		private long cpuNanos = -1;

		/** When the processor time or what the system says changed. */
		private long since;

		/** Whether the system has said once that the thread sleeps. */
		private boolean dozing;

		private boolean asleep;

		Sight(@Nullable Source source) {
			this.source = source;
		}

		boolean isAsleep(long cpuNanos, long now) {
			if (this.cpuNanos != cpuNanos) {
				this.cpuNanos = cpuNanos;
				this.since = now;
				this.dozing = false;
				this.asleep = false;
			}
			else if (!this.asleep) {
				this.asleep = (this.source != null) ? isStillAsleep(this.source, now) : now - this.since >= LONG_NANOS;
			}
			return this.asleep;
		}

		private boolean isStillAsleep(Source source, long now) {
			if (now - this.since < STILL_NANOS) {
				return false;
			}
			boolean dozed = this.dozing;
			this.dozing = source.state() == State.ASLEEP;
			if (this.dozing != dozed) {
				this.since = now;
			}
			return dozed && this.dozing;
		}

	}

}
