package dev.loopline.autoconfigure.stock;

import java.util.List;

/**
 * Everything that was seen of one {@link Exchange}.
 *
 * @param client what the client saw
 * @param server what the application saw
 */
record Observation(List<String> client, List<String> server) {

	/**
	 * Says where this differs from what is right.
	 * @return an empty text if it does not
	 */
	String differencesFrom(Observation right) {
		return differences("client", right.client, this.client) + differences("server", right.server, this.server);
	}

	/** Whether an answer or an end was waited for in vain. */
	boolean isSilent() {
		return this.client.stream().anyMatch((line) -> line.endsWith("silence"));
	}

	/** Whether everything was answered. */
	boolean isComplete() {
		return this.client.stream().noneMatch((line) -> line.endsWith("silence") || line.endsWith("closed"));
	}

	private static String differences(String side, List<String> right, List<String> seen) {
		if (right.equals(seen)) {
			return "";
		}
		int same = 0;
		while (same < Math.min(right.size(), seen.size()) && right.get(same).equals(seen.get(same))) {
			same++;
		}
		StringBuilder text = new StringBuilder(side + ":\n");
		right.subList(0, same).forEach((line) -> text.append("    ").append(line).append('\n'));
		right.subList(same, right.size()).forEach((line) -> text.append("  - ").append(line).append('\n'));
		seen.subList(same, seen.size()).forEach((line) -> text.append("  + ").append(line).append('\n'));
		return text.toString();
	}

}
