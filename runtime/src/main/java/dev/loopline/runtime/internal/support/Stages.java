package dev.loopline.runtime.internal.support;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks stages for what only futures have to offer, and completes futures for others.
 */
public final class Stages {

	/*-
	 * A minimal stage is a future by its type, and refuses to be treated as one.
	 *
	 * A future keeps what its callbacks throw, for which it asks the throwable for its text. When that throws,
	 * complete() does, too, and the callbacks that are left are not called. So it is called again: each call
	 * goes on with the next one.
	 */

	/** Where users look for everything that they should know of their tasks. */
	private static final Logger logger = LoggerFactory.getLogger("dev.loopline.runtime.JoinHandle");

	private Stages() {
	}

	@SuppressWarnings("NullAway") // there is no other Void
	public static <T> void complete(CompletableFuture<T> future, @Nullable T value) {
		try {
			future.complete(value);
		}
		catch (Throwable ex) {
			callBackTheRest(future, ex, () -> future.complete(value));
		}
	}

	public static void fail(CompletableFuture<?> future, Throwable failure) {
		Throwable kept = keepable(failure);
		try {
			future.completeExceptionally(kept);
		}
		catch (Throwable ex) {
			callBackTheRest(future, ex, () -> future.completeExceptionally(kept));
		}
	}

	/**
	 * Returns something that a future can keep.
	 */
	public static Throwable keepable(Throwable failure) {
		if (failure instanceof CompletionException) {
			return failure;
		}
		try {
			var unused = failure.toString();
			return failure;
		}
		catch (Throwable ex) {
			return new CompletionException(failure.getClass().getName(), failure);
		}
	}

	/**
	 * Goes on with the callbacks of a future after one that threw.
	 */
	public static void callBackTheRest(CompletableFuture<?> future, Throwable thrown, Runnable completion) {
		Throwable last = thrown;
		while (future.isDone()) {
			Failures.warn(logger, last, "A callback threw what no stage can keep");
			try {
				completion.run();
				return;
			}
			catch (Throwable ex) {
				last = ex;
			}
		}
		throw new IllegalStateException("Could not be completed", last);
	}

	public static boolean isDone(CompletionStage<?> stage) {
		if (stage instanceof Future<?> future) {
			try {
				return future.isDone();
			}
			catch (UnsupportedOperationException ex) {
				// a minimal stage
			}
		}
		return stage.toCompletableFuture().isDone();
	}

	/**
	 * Cancels a stage if it can be.
	 */
	public static void cancel(CompletionStage<?> stage) {
		if (stage instanceof Future<?> future) {
			try {
				// A stage that many wait for would complete the rest of them within each
				if (!future.isDone()) {
					future.cancel(true);
				}
			}
			catch (UnsupportedOperationException ex) {
				// a minimal stage
			}
		}
	}

}
