package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;

/**
 * What a strand was working for. Immutable.
 *
 * @param connection the peer or the name of the task, if known
 * @param route the template of the route, such as {@code GET /users/{id}}, if known;
 * never the path that was asked for
 * @param handler the method or object that handles the route, if known
 */
public record StrandDescription(@Nullable String connection, @Nullable String route, @Nullable String handler) {

	static final StrandDescription UNKNOWN = new StrandDescription(null, null, null);

	/**
	 * Returns whether neither route nor handler are known.
	 */
	boolean isUnknown() {
		return this.route == null && this.handler == null;
	}

}
