package dev.loopline.chart;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads keys, defaults and comments out of a values file.
 */
final class ValuesComments {

	private static final Pattern LINE = Pattern.compile("( *)([A-Za-z_]+):(?: (.+))?");

	private ValuesComments() {
	}

	/**
	 * Lists the values with a comment, and those without one that have a simple default
	 * and are no part of a commented value.
	 */
	static List<Value> parse(String yaml) {
		List<Value> values = new ArrayList<>();
		Deque<String> path = new ArrayDeque<>();
		StringBuilder comment = new StringBuilder();
		// Indentation of a commented value that is not simple
		int commented = Integer.MAX_VALUE;
		for (String line : yaml.split("\n")) {
			Matcher matcher = LINE.matcher(line);
			if (line.strip().startsWith("# ")) {
				comment.append(comment.isEmpty() ? "" : " ").append(line.strip().substring(2));
			}
			else if (matcher.matches()) {
				int depth = matcher.group(1).length() / 2;
				while (path.size() > depth) {
					path.removeLast();
				}
				path.addLast(matcher.group(2));
				if (depth <= commented) {
					commented = Integer.MAX_VALUE;
					boolean simple = matcher.group(3) != null;
					if (simple || !comment.isEmpty()) {
						String literal = simple ? "`" + matcher.group(3) + "`" : "see `values.yaml`";
						values.add(new Value(String.join(".", path), literal, comment.toString()));
						commented = simple ? commented : depth;
					}
				}
				comment.setLength(0);
			}
		}
		return values;
	}

	/**
	 * One value.
	 *
	 * @param key its path
	 * @param literal its default, in Markdown
	 * @param comment what it means
	 */
	record Value(String key, String literal, String comment) {
	}

}
