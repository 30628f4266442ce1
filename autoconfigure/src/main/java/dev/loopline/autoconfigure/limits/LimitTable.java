package dev.loopline.autoconfigure.limits;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.util.pattern.PathPattern;

import dev.loopline.autoconfigure.web.ManagementPath;

/**
 * Finds the limits of a request by its path and method. Of several limits that set the
 * same thing the one with the most specific pattern counts, as with handlers; requests
 * for the actuator have none. Safe for use by many threads.
 */
final class LimitTable {

	/** The most specific first. */
	private final List<LimitEntry> entries;

	private final RateKeys keys;

	private final ManagementPath management;

	/** There are no more than there are sets of patterns that some request matched. */
	private final Map<List<Limit>, Route> routes = new ConcurrentHashMap<>();

	/**
	 * Creates a table.
	 * @param entries in the order that counts where patterns are equally specific
	 * @throws InvalidLimitException if two of them contradict each other
	 */
	LimitTable(Collection<LimitEntry> entries, RateKeys keys, ManagementPath management) {
		this.entries = entries.stream()
			.sorted(Comparator.comparing(LimitEntry::pattern, PathPattern.SPECIFICITY_COMPARATOR))
			.toList();
		this.keys = keys;
		this.management = management;
		for (int i = 0; i < this.entries.size(); i++) {
			for (int j = 0; j < i; j++) {
				requireAgreement(this.entries.get(j), this.entries.get(i));
			}
		}
		limits().forEach((limit) -> route(List.of(limit)));
	}

	private static void requireAgreement(LimitEntry one, LimitEntry other) {
		if (one.limit() == other.limit() || !one.isLike(other)) {
			return;
		}
		Map<String, Object> others = other.limit().settings().values();
		one.limit().settings().values().forEach((setting, value) -> {
			Object second = others.get(setting);
			if (second != null && !second.equals(value)) {
				throw new InvalidLimitException(
						"'%s' is '%s', and '%s' is '%s', and both hold for %s".formatted(one.limit().key(setting),
								value, other.limit().key(setting), second, one.route()),
						"Remove one of them, make them equal, or give them other paths or methods.");
			}
		});
	}

	boolean isEmpty() {
		return this.entries.isEmpty();
	}

	/**
	 * Returns all limits.
	 */
	Set<Limit> limits() {
		Set<Limit> limits = new LinkedHashSet<>();
		this.entries.forEach((entry) -> limits.add(entry.limit()));
		return limits;
	}

	/**
	 * Returns what holds for a request, if anything does.
	 */
	@Nullable Route find(ServerHttpRequest request) {
		HttpMethod method = request.getMethod();
		PathContainer path = request.getPath().pathWithinApplication();
		List<Limit> found = List.of();
		for (LimitEntry entry : this.entries) {
			if (entry.matches(method, path)) {
				found = with(found, entry.limit());
			}
		}
		return (found.isEmpty() || this.management.contains(request.getPath().value())) ? null : route(found);
	}

	private static List<Limit> with(List<Limit> limits, Limit another) {
		if (limits.isEmpty()) {
			return List.of(another);
		}
		List<Limit> all = new ArrayList<>(limits);
		all.add(another);
		return all;
	}

	private Route route(List<Limit> limits) {
		Route known = this.routes.get(limits);
		return (known != null) ? known
				: this.routes.computeIfAbsent(List.copyOf(limits), (all) -> new Route(all, this.keys));
	}

}
