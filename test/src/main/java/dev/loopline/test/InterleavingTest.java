package dev.loopline.test;

/**
 * A test that runs its work on a {@link SteppedRuntime}. The same seed gives the same
 * run, if nothing else is random.
 */
@FunctionalInterface
public interface InterleavingTest {

	/**
	 * Runs the test once.
	 * @param stepped a new runtime, closed afterwards
	 * @throws Exception to fail the test
	 */
	void run(SteppedRuntime stepped) throws Exception;

}
