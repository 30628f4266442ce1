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

	private static final Pattern HOST = Pattern
		.compile("(?<all>\\*)|(?<any>\\*(?=\\.))?(?<host>[\\p{Alnum}._-]+|\\[[0-9a-fA-F:.]+])(:(?<port>\\d{1,5}))?");

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
		if (matcher.group("all") != null) {
			return new HostPattern("", true, -1);
		}
		String port = matcher.group("port");
		return new HostPattern(matcher.group("host").toLowerCase(Locale.ROOT), matcher.group("any") != null,
				(port != null) ? Integer.parseInt(port) : -1);
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
