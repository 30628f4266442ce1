package dev.loopline.autoconfigure.webclient;

import java.net.URI;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.loopline.autoconfigure.limits.InvalidLimitException;

/**
 * Hosts that a limit holds for.
 *
 * @param host a host, or the end of several
 * @param suffix whether it is an end
 * @param port the port, or -1 for all
 */
record HostPattern(String host, boolean suffix, int port) {

	/** The most specific first. */
	static final Comparator<HostPattern> SPECIFICITY = Comparator.comparing(HostPattern::suffix)
		.thenComparing((pattern) -> -pattern.host.length())
		.thenComparing((pattern) -> -pattern.port);

	private static final String LABEL = "[\\p{Alnum}_-]+";

	private static final Pattern HOST = Pattern.compile("\\*|(?:\\*(?<end>(?:\\." + LABEL + ")+)|(?<host>" + LABEL
			+ "(?:\\." + LABEL + ")*|\\[[0-9a-fA-F:.]+]))(?::(?<port>\\d{1,5}))?");

	private static final int MAX_PORT = 65_535;

	/**
	 * Reads a pattern.
	 * @param key the property that has it
	 * @throws InvalidLimitException if it is none
	 */
	static HostPattern parse(String key, String text) {
		Matcher matcher = HOST.matcher(text);
		if (!matcher.matches()) {
			throw InvalidLimitException.of(key, text, "is not a host",
					"Write it without scheme and path: api.example.org, inventory:8080, *.internal, or * for all.");
		}
		String port = matcher.group("port");
		if (port != null && (Integer.parseInt(port) == 0 || Integer.parseInt(port) > MAX_PORT)) {
			throw InvalidLimitException.of(key, text, "has no port", "Ports are from 1 to " + MAX_PORT + ".");
		}
		String end = matcher.group("end");
		String host = matcher.group("host");
		return new HostPattern(((end != null) ? end : (host != null) ? host : "").toLowerCase(Locale.ROOT),
				host == null, (port != null) ? Integer.parseInt(port) : -1);
	}

	boolean matches(URI uri) {
		if (uri.getHost() == null) {
			return false;
		}
		String host = uri.getHost().toLowerCase(Locale.ROOT);
		return (this.suffix ? host.endsWith(this.host) : host.equals(this.host))
				&& (this.port == -1 || this.port == port(uri));
	}

	/**
	 * Returns the port that a request goes to.
	 */
	static int port(URI uri) {
		if (uri.getPort() != -1) {
			return uri.getPort();
		}
		return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
	}

}
