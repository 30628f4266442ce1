package dev.loopline.autoconfigure.web;

/**
 * Tells requests for the actuator from the application's, where they share a port.
 * Immutable.
 */
public final class ManagementPath {

	private final String path;

	private final String prefix;

	/**
	 * Creates a path.
	 * @param path what all endpoints lie under; if it is empty, nothing tells their
	 * requests from the others
	 */
	public ManagementPath(String path) {
		this.path = path;
		this.prefix = path + "/";
	}

	/**
	 * Returns whether a path lies under this one.
	 * @param path the path of a request
	 * @return whether it may be an endpoint's
	 */
	public boolean contains(String path) {
		return !this.path.isEmpty() && path.startsWith(this.path)
				&& (path.length() == this.path.length() || path.startsWith(this.prefix));
	}

}
