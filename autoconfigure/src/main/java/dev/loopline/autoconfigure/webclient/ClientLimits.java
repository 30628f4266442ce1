package dev.loopline.autoconfigure.webclient;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.limits.InvalidLimitException;

/**
 * Keeps requests within the limits of their hosts. Of several the one with the most
 * specific host counts, as a whole. Safe for use by many threads.
 */
public final class ClientLimits {

	private final Map<String, ClientLimit> limits = new TreeMap<>();

	/** The most specific first. */
	private final List<Entry> entries = new ArrayList<>();

	/**
	 * Makes the limits of properties.
	 * @param discovery knows servers of services, if there is any
	 * @throws InvalidLimitException if they make no sense
	 */
	ClientLimits(ClientLimitsProperties properties, @Nullable ServiceDiscovery discovery) {
		properties.getLimits().forEach((name, limit) -> add(name, limit, discovery));
		this.entries.sort(Comparator.comparing(Entry::pattern, HostPattern.SPECIFICITY));
	}

	private void add(String name, ClientLimitsProperties.Limit properties, @Nullable ServiceDiscovery discovery) {
		String prefix = "loopline.client.limits." + name;
		if (properties.getHosts().isEmpty()) {
			throw new InvalidLimitException(
					"'%s.hosts' is not set, so the limit holds for no request".formatted(prefix),
					"Set it to hosts, such as api.example.org, or to * for all.");
		}
		ClientLimit limit = new ClientLimit(name, ClientLimitSettings.of(properties, prefix, discovery));
		this.limits.put(name, limit);
		for (String host : properties.getHosts()) {
			HostPattern pattern = HostPattern.parse(prefix + ".hosts", host);
			for (Entry other : this.entries) {
				if (other.pattern.equals(pattern) && other.limit != limit) {
					throw InvalidLimitException.of(prefix + ".hosts", host,
							"is a host of '%s', too".formatted(other.limit.name()), "Remove one of them.");
				}
			}
			this.entries.add(new Entry(pattern, limit));
		}
	}

	/**
	 * Sends a request as its limits have it.
	 */
	Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		ClientLimit limit = find(request.url());
		return (limit != null) ? limit.call(new ClientCall(request, next)) : next.exchange(request);
	}

	private @Nullable ClientLimit find(URI uri) {
		for (Entry entry : this.entries) {
			if (entry.pattern.matches(uri)) {
				return entry.limit;
			}
		}
		return null;
	}

	boolean isEmpty() {
		return this.limits.isEmpty();
	}

	Collection<ClientLimit> limits() {
		return this.limits.values();
	}

	/**
	 * Returns all limits as they are now.
	 * @return them by their names
	 */
	public List<ClientLimitSnapshot> snapshot() {
		return this.limits.values().stream().map(ClientLimit::snapshot).toList();
	}

	private record Entry(HostPattern pattern, ClientLimit limit) {
	}

}
