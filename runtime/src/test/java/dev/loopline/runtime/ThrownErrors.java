package dev.loopline.runtime;

import java.util.stream.Stream;

/**
 * One of each kind of what code may throw, for parameterized tests.
 */
public final class ThrownErrors {

	private ThrownErrors() {
	}

	@SuppressWarnings("removal")
	public static Stream<Throwable> all() {
		return Stream.of(new OutOfMemoryError("expected"), new StackOverflowError("expected"),
				new NoClassDefFoundError("expected"), new ThreadDeath(), new InternalError("expected"),
				new LinkageError("expected"), new AssertionError("expected"), new IllegalStateException("expected"));
	}

	/**
	 * Throws what need not be declared here.
	 */
	@SuppressWarnings("unchecked")
	public static <T extends Throwable> void raise(Throwable thrown) throws T {
		throw (T) thrown;
	}

}
