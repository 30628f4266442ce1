package dev.loopline.benchmarks;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Runs tasks, in the way that comes natural to it.
 */
interface Subject extends AutoCloseable {

	/**
	 * Starts a task.
	 */
	void spawn(Runnable task);

	/**
	 * Starts a task that lets the others run so many times.
	 */
	void spawnSteps(int steps, Runnable last);

	/**
	 * Starts a task that waits for what its body returns.
	 */
	void spawnAwaiting(Supplier<CompletableFuture<?>> body, Runnable last);

	/**
	 * Starts a task that asks so many times, each time when it has the answer to the time
	 * before.
	 */
	void spawnAsking(int times, Supplier<CompletableFuture<?>> ask, Runnable last);

	@Override
	void close();

}
