package dev.loopline.autoconfigure.stock;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What does not behave as on stock yet, by the list of {@code known-differences.txt}.
 * Each must still differ: whoever mends one takes it from there.
 */
final class KnownDifferences {

	private static final List<Difference> differences = read();

	private KnownDifferences() {
	}

	private static List<Difference> read() {
		try (InputStream file = KnownDifferences.class.getResourceAsStream("known-differences.txt")) {
			return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter((line) -> !line.isBlank() && !line.startsWith("#"))
				.map(Difference::parse)
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static @Nullable Difference find(Way way, Exchange exchange) {
		return differences.stream()
			.filter((difference) -> difference.ways.contains(way) && exchange.name().equals(difference.exchange))
			.findFirst()
			.orElse(null);
	}

	/** Returns what is listed of exchanges that are none. */
	static List<String> unknown(List<Exchange> exchanges) {
		Set<String> names = exchanges.stream().map(Exchange::name).collect(Collectors.toSet());
		return differences.stream().map(Difference::exchange).filter((name) -> !names.contains(name)).toList();
	}

	/**
	 * A difference.
	 *
	 * @param ways where it is seen
	 * @param sometimes whether it is not seen every time
	 * @param exchange the name of the exchange
	 * @param reason a few words
	 */
	record Difference(Set<Way> ways, boolean sometimes, String exchange, String reason) {

		private static Difference parse(String line) {
			String[] parts = line.split(" +\\| +");
			boolean sometimes = parts[0].endsWith("?");
			String ways = sometimes ? parts[0].substring(0, parts[0].length() - 1) : parts[0];
			return new Difference(Arrays.stream(ways.split(",")).map(Way::valueOf).collect(Collectors.toSet()),
					sometimes, parts[1], parts[2]);
		}

	}

}
