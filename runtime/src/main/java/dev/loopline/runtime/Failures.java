package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What to do with what other people's code throws, where nothing may be thrown.
 */
final class Failures {

	private Failures() {
	}

	/**
	 * Writes a warning and never throws: an appender may, or a class is missing since the
	 * jar was overwritten, or the memory is used up.
	 * @param arguments of the message, what was thrown last
	 */
	static void warn(Logger logger, String message, @Nullable Object... arguments) {
		try {
			logger.warn(message, arguments);
		}
		catch (Throwable ex) {
			print(message, arguments);
		}
	}

	/**
	 * The same for an error.
	 */
	static void error(Logger logger, String message, @Nullable Object... arguments) {
		try {
			logger.error(message, arguments);
		}
		catch (Throwable ex) {
			print(message, arguments);
		}
	}

	private static void print(String message, @Nullable Object... arguments) {
		try {
			System.err.println("[loopline] " + message + ": " + arguments[arguments.length - 1]);
		}
		catch (Throwable ex) {
			// There is nobody left to tell.
		}
	}

	/**
	 * Runs one step of several that must all be tried.
	 */
	static void attempt(Logger logger, Runnable step) {
		try {
			step.run();
		}
		catch (Throwable ex) {
			error(logger, "A step failed", ex);
		}
	}

	/**
	 * Throws what need not be declared.
	 */
	static void rethrow(@Nullable Throwable failure) {
		if (failure instanceof Error error) {
			throw error;
		}
		if (failure instanceof RuntimeException exception) {
			throw exception;
		}
	}

}
