package dev.loopline.runtime;

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

	static final WorkDescription UNKNOWN = new WorkDescription(null, null, null);

	/**
	 * Describes a strand.
	 * @param connection the peer, if known
	 * @param route the template of the route, if known
	 * @param handler the method or object that handles the route, if known
	 */
	public WorkDescription(@Nullable String connection, @Nullable String route, @Nullable String handler) {
		this(connection, route, handler, null);
	}

	/**
	 * Returns what stalls of the same work have in common: the route, else the handler or
	 * the task.
	 * @return {@code null} if none of them is known
	 */
	@Nullable String subject() {
		if (this.route != null) {
			return this.route;
		}
		return (this.handler != null) ? this.handler : this.task;
	}

}
