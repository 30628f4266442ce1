package dev.loopline.runtime.stall;

import org.jspecify.annotations.Nullable;

/**
 * What a strand or a task was working for. Immutable.
 *
 * @param connection the peer, if known
 * @param route the template of the route, such as {@code GET /users/{id}}, if known;
 * never the path that was asked for
 * @param handler the method or object that handles the route, if known
 * @param task the name that was given to the task, if it is one that has a name
 */
public record WorkDescription(@Nullable String connection, @Nullable String route, @Nullable String handler,
		@Nullable String task) {

	/** Of which nothing is known. */
	public static final WorkDescription UNKNOWN = new WorkDescription(null, null, null);

	/**
	 * Describes a strand.
	 * @param connection the peer, if known
	 * @param route the template of the route, if known
	 * @param handler the method or object that handles the route, if known
	 */
	public WorkDescription(@Nullable String connection, @Nullable String route, @Nullable String handler) {
		this(connection, route, handler, null);
	}

}
