package dev.loopline.autoconfigure.limits;

import java.util.List;
import java.util.Set;

import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Requests that a limit holds for.
 *
 * @param pattern of their paths
 * @param methods of theirs, or none for all
 * @param limit the limit
 * @param others handlers that come first for some of these requests, which are not meant
 */
record LimitEntry(PathPattern pattern, Set<HttpMethod> methods, Limit limit, List<Handled> others) {

	boolean matches(HttpMethod method, PathContainer path) {
		return Handled.matches(this.pattern, this.methods, method, path)
				&& (this.others.isEmpty() || this.others.stream().noneMatch((other) -> other.matches(method, path)));
	}

	/**
	 * Returns whether both hold for the same requests, as far as their text shows it.
	 */
	boolean isLike(LimitEntry other) {
		return shape().equals(other.shape()) && (this.methods.isEmpty() || other.methods.isEmpty()
				|| this.methods.stream().anyMatch(other.methods::contains));
	}

	/** Without the names of variables, which mean nothing. */
	private String shape() {
		return this.pattern.getPatternString().replaceAll("\\{(\\*?)[^:{}]*}", "{$1}");
	}

	String route() {
		return Handled.describe(this.pattern, this.methods);
	}

	/**
	 * Requests that a handler is for.
	 */
	record Handled(PathPattern pattern, Set<HttpMethod> methods) {

		boolean matches(HttpMethod method, PathContainer path) {
			return matches(this.pattern, this.methods, method, path);
		}

		/** Who answers GET answers HEAD. */
		static boolean matches(PathPattern pattern, Set<HttpMethod> methods, HttpMethod method, PathContainer path) {
			return (methods.isEmpty() || methods.contains(method)
					|| method.equals(HttpMethod.HEAD) && methods.contains(HttpMethod.GET)) && pattern.matches(path);
		}

		static String describe(PathPattern pattern, Set<HttpMethod> methods) {
			String path = pattern.getPatternString();
			return methods.isEmpty() ? path
					: String.join("|", methods.stream().map(HttpMethod::name).sorted().toList()) + " " + path;
		}

	}

}
