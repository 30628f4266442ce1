package dev.loopline.autoconfigure.web;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import org.springframework.web.util.pattern.PatternParseException;

/**
 * The paths of requests that are known to block. Safe for use by many threads.
 */
final class BlockingRoutes {

	private final List<PathPattern> patterns;

	private BlockingRoutes(List<PathPattern> patterns) {
		this.patterns = patterns;
	}

	/**
	 * Parses patterns as those of controllers are parsed, with or without a slash at
	 * their beginning.
	 * @throws InvalidBlockingRouteException if one of them is not well-formed
	 */
	static BlockingRoutes parse(List<String> patterns, PathPatternParser parser) {
		List<PathPattern> parsed = new ArrayList<>();
		for (String pattern : patterns) {
			try {
				parsed.add(parser.parse(parser.initFullPathPattern(pattern)));
			}
			catch (PatternParseException ex) {
				throw new InvalidBlockingRouteException(pattern, ex);
			}
		}
		return new BlockingRoutes(List.copyOf(parsed));
	}

	boolean isEmpty() {
		return this.patterns.isEmpty();
	}

	List<PathPattern> patterns() {
		return this.patterns;
	}

	/**
	 * Returns the first pattern that a path matches, if any.
	 */
	@Nullable PathPattern match(PathContainer path) {
		for (PathPattern pattern : this.patterns) {
			if (pattern.matches(path)) {
				return pattern;
			}
		}
		return null;
	}

}
