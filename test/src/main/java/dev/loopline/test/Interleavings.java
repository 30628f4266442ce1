package dev.loopline.test;

import java.util.Objects;

/**
 * Runs a test in many orders of its steps.
 */
public final class Interleavings {

	private Interleavings() {
	}

	/**
	 * Runs a test with the seeds from 0.
	 * @param seeds how many
	 * @param test the test
	 * @throws AssertionError with the first seed that makes the test fail
	 */
	public static void explore(int seeds, InterleavingTest test) {
		Objects.requireNonNull(test, "test");
		for (long seed = 0; seed < seeds; seed++) {
			replay(seed, test);
		}
	}

	/**
	 * Runs a test with one seed, such as that of a failure.
	 * @param seed the seed
	 * @param test the test
	 * @throws AssertionError if the test fails
	 */
	public static void replay(long seed, InterleavingTest test) {
		Objects.requireNonNull(test, "test");
		try (SteppedRuntime stepped = SteppedRuntime.start(seed)) {
			test.run(stepped);
		}
		catch (Throwable ex) {
			throw new AssertionError("Fails with seed %d: %s".formatted(seed, ex.getMessage()), ex);
		}
	}

}
