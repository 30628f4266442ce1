package dev.loopline.runtime.internal.support;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What to do with what code of others has thrown, where nothing may be thrown. What is
 * thrown may fail to say what it is, and the log may fail, too: an appender throws, a
 * class is missing since the jar was overwritten, the memory is used up.
 */
public final class Failures {

	private Failures() {
	}

	/**
	 * Writes a warning.
	 */
	public static void warn(Logger logger, @Nullable Throwable failure, String message, @Nullable Object... arguments) {
		log((text, all) -> logger.warn(text, all), failure, message, arguments);
	}

	/**
	 * Writes an error.
	 */
	public static void error(Logger logger, @Nullable Throwable failure, String message,
			@Nullable Object... arguments) {
		log((text, all) -> logger.error(text, all), failure, message, arguments);
	}

	private static void log(Log log, @Nullable Throwable failure, String message, @Nullable Object... arguments) {
		try {
			log.write(message, with(arguments, failure));
		}
		catch (Throwable ex) {
			logWithoutTrace(log, failure, message, arguments);
		}
	}

	private static void logWithoutTrace(Log log, @Nullable Throwable failure, String message,
			@Nullable Object... arguments) {
		String name = (failure != null) ? failure.getClass().getName() : "nothing";
		try {
			log.write(message + " ({} that cannot be logged)", with(arguments, name));
		}
		catch (Throwable ex) {
			print(message, name);
		}
	}

	private static void print(String message, String name) {
		try {
			System.err.println("[loopline] " + message + ": " + name);
		}
		catch (Throwable ex) {
			// There is nobody left to tell.
		}
	}

	private static @Nullable Object[] with(@Nullable Object[] arguments, @Nullable Object last) {
		@Nullable Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
		all[arguments.length] = last;
		return all;
	}

	/**
	 * Runs one step of several that must all be tried.
	 */
	public static void attempt(Logger logger, Runnable step) {
		try {
			step.run();
		}
		catch (Throwable ex) {
			error(logger, ex, "A step failed");
		}
	}

	/**
	 * Throws what need not be declared.
	 */
	public static void rethrow(@Nullable Throwable failure) {
		if (failure instanceof Error error) {
			throw error;
		}
		if (failure instanceof RuntimeException exception) {
			throw exception;
		}
	}

	/**
	 * Returns what an object of others says it is, or else its class.
	 */
	public static String text(Object object) {
		try {
			return String.valueOf(object.toString());
		}
		catch (Throwable ex) {
			return object.getClass().getName();
		}
	}

	@FunctionalInterface
	private interface Log {

		void write(String message, @Nullable Object[] arguments);

	}

}
