package dev.loopline.runtime.io;

import org.jspecify.annotations.Nullable;

/**
 * Something of a strand that became ready for I/O; the strand serves it after its tasks.
 * It may be offered again only after {@link #serve()} was called.
 */
public abstract class IoReadiness {

	private @Nullable IoReadiness next;

	/**
	 * Handles what is ready. Called within a poll of the strand.
	 */
	public abstract void serve();

	/**
	 * Returns what is linked behind this.
	 * @return {@code null} if nothing is
	 */
	public final @Nullable IoReadiness next() {
		return this.next;
	}

	/**
	 * Links others behind this. Only for the strand, from the moment that it is offered
	 * this until it serves it.
	 * @param next what comes next
	 */
	public final void setNext(@Nullable IoReadiness next) {
		this.next = next;
	}

}
