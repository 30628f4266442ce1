package dev.loopline.runtime;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

/**
 * Asks stages for what only futures have to offer.
 */
final class Stages {

	/*-
	 * A minimal stage is a future by its type, and refuses to be treated as one.
	 */

	private Stages() {
	}

	static boolean isDone(CompletionStage<?> stage) {
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
	static void cancel(CompletionStage<?> stage) {
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
