package dev.loopline.autoconfigure.web;

import java.util.Arrays;
import java.util.List;

/**
 * Whether two path patterns can match the same path.
 */
public final class PatternOverlap {

	private PatternOverlap() {
	}

	/**
	 * Compares two patterns segment by segment. A segment with a variable or a wildcard
	 * is taken to match any other, so the answer may be {@code true} by mistake, never
	 * {@code false}.
	 * @param one a pattern
	 * @param other another
	 * @return whether there may be such a path
	 */
	public static boolean isPossible(String one, String other) {
		return isPossible(segments(one), segments(other));
	}

	private static List<String> segments(String pattern) {
		return Arrays.asList(pattern.split("/", -1));
	}

	private static boolean isPossible(List<String> one, List<String> other) {
		if (one.isEmpty() || other.isEmpty()) {
			return one.stream().allMatch(PatternOverlap::isMany) && other.stream().allMatch(PatternOverlap::isMany);
		}
		if (isMany(one.get(0))) {
			return isPossible(rest(one), other) || isPossible(one, rest(other));
		}
		if (isMany(other.get(0))) {
			return isPossible(other, one);
		}
		return meet(one.get(0), other.get(0)) && isPossible(rest(one), rest(other));
	}

	private static boolean meet(String one, String other) {
		return isWild(one) || isWild(other) || one.equalsIgnoreCase(other);
	}

	private static boolean isMany(String segment) {
		return segment.equals("**") || segment.startsWith("{*");
	}

	private static boolean isWild(String segment) {
		return segment.contains("*") || segment.contains("?") || segment.contains("{");
	}

	private static List<String> rest(List<String> segments) {
		return segments.subList(1, segments.size());
	}

}
