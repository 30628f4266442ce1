package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Something of a strand that became ready for I/O; the strand serves it after its tasks.
 * It may be offered again only after {@link #serve()} was called.
 */
public abstract class IoReadiness {

	@Nullable IoReadiness next;

	/**
	 * Handles what is ready. Called within a poll of the strand.
	 */
	protected abstract void serve();

}
