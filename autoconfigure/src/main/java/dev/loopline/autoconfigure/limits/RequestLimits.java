package dev.loopline.autoconfigure.limits;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import org.springframework.web.util.pattern.PatternParseException;

import dev.loopline.autoconfigure.web.ManagementPath;

/**
 * The limits of an application's routes. Safe for use by many threads.
 */
public final class RequestLimits implements RoutePriorities {

	private static final Log logger = LogFactory.getLog(RequestLimits.class);

	private final LimitTable table;

	RequestLimits(LimitTable table) {
		this.table = table;
	}

	/**
	 * Makes the limits of properties and of annotations.
	 * @param parser of the handlers' patterns
	 * @param handlers those that may have annotations
	 * @param sharing of rates by several instances
	 * @throws InvalidLimitException if they make no sense
	 */
	static RequestLimits of(LimitsProperties properties, PathPatternParser parser,
			Map<RequestMappingInfo, HandlerMethod> handlers, RateKeys keys, ManagementPath management,
			SharedRates sharing) {
		List<LimitEntry> entries = new ArrayList<>();
		properties.getLimits().forEach((name, limit) -> entries.addAll(entries(name, limit, parser, sharing)));
		entries.addAll(HandlerLimits.of(handlers, sharing));
		return new RequestLimits(new LimitTable(entries, keys, management));
	}

	private static List<LimitEntry> entries(String name, LimitsProperties.Limit properties, PathPatternParser parser,
			SharedRates sharing) {
		String prefix = "loopline.web.limits." + name;
		UnaryOperator<String> keys = (setting) -> setting.isEmpty() ? prefix : prefix + "." + setting;
		if (properties.getPaths().isEmpty()) {
			throw new InvalidLimitException(
					"'%s' is not set, so the limit holds for no request".formatted(keys.apply("paths")),
					"Set it to path patterns, such as /reports/**, or to /** for all.");
		}
		Set<HttpMethod> methods = new LinkedHashSet<>();
		properties.getMethods().forEach((method) -> methods.add(method(method, keys.apply("methods"))));
		List<PathPattern> patterns = properties.getPaths()
			.stream()
			.map((path) -> parse(path, keys.apply("paths"), parser))
			.toList();
		Limit limit = new Limit(name, keys, LimitSettings.of(properties, keys),
				patterns.stream().map((pattern) -> LimitEntry.Handled.describe(pattern, methods)).toList(), sharing);
		return patterns.stream().map((pattern) -> new LimitEntry(pattern, methods, limit, List.of())).toList();
	}

	private static PathPattern parse(String path, String key, PathPatternParser parser) {
		try {
			return parser.parse(parser.initFullPathPattern(path));
		}
		catch (PatternParseException ex) {
			throw InvalidLimitException.of(key, path,
					"is not a path pattern, see position %d: %s".formatted(ex.getPosition(), ex.getMessage()),
					"Write it as in a controller's mapping, for example '/reports/**' or '/users/{id}/export'.");
		}
	}

	private static HttpMethod method(String name, String key) {
		HttpMethod method = HttpMethod.valueOf(name.toUpperCase(Locale.ROOT));
		if (!List.of(HttpMethod.values()).contains(method)) {
			throw InvalidLimitException.of(key, name, "is not a method of HTTP",
					"Use some of %s, or remove it for all.".formatted(List.of(HttpMethod.values())));
		}
		return method;
	}

	LimitTable table() {
		return this.table;
	}

	/**
	 * Returns whether a filter has to look at users.
	 */
	boolean limitPrincipals() {
		return this.table.limits()
			.stream()
			.map((limit) -> limit.settings().rate())
			.anyMatch((rate) -> rate != null && rate.key() == RateKey.PRINCIPAL);
	}

	@Override
	public Priority priorityOf(ServerHttpRequest request) {
		Route route = this.table.find(request);
		return (route != null) ? route.priority() : Priority.NORMAL;
	}

	/**
	 * Changes how many requests of a limit may be handled at a time, until the
	 * application ends. Those that wait begin if there is room now; those that are
	 * handled go on if there is none.
	 * @param name of the limit
	 * @param maxConcurrent how many; at least 1
	 * @return {@code false} if there is no such limit with a number of requests at a time
	 * @throws IllegalArgumentException if the number is less than 1
	 */
	public boolean resize(String name, int maxConcurrent) {
		boolean found = false;
		for (Limit limit : this.table.limits()) {
			if (limit.name().equals(name) && limit.resize(maxConcurrent)) {
				found = true;
				logger.info("Limit '" + name + "' lets " + maxConcurrent + " requests run at a time now");
			}
		}
		return found;
	}

	/**
	 * Returns all limits as they are now.
	 * @return those of properties and of annotations
	 */
	public List<LimitSnapshot> snapshot() {
		return this.table.limits().stream().map(Limit::snapshot).toList();
	}

}
