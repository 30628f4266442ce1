package dev.loopline.autoconfigure.webclient;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientResponse;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.webclient.ServiceDiscovery.Server;
import dev.loopline.layers.PeakEwmaBalance;
import dev.loopline.layers.Service;

/**
 * Sends each request to one of the servers of the service that its host names. Safe for
 * use by many threads.
 */
final class DiscoveredServices implements Service<ClientCall, ClientResponse> {

	private final ServiceDiscovery discovery;

	private final Service<ClientCall, ClientResponse> attempt;

	private final Map<String, Known> services = new ConcurrentHashMap<>();

	/**
	 * Creates it.
	 * @param discovery knows the servers
	 * @param attempt sends a request
	 */
	DiscoveredServices(ServiceDiscovery discovery, Service<ClientCall, ClientResponse> attempt) {
		this.discovery = discovery;
		this.attempt = attempt;
	}

	@Override
	public Mono<ClientResponse> call(ClientCall call) {
		String service = Objects.requireNonNull(call.request().url().getHost());
		return this.discovery.serversFor(call.request())
			.defaultIfEmpty(List.of())
			.flatMap((servers) -> servers.isEmpty() ? none(service) : balance(service, servers).call(call));
	}

	/** As Spring Cloud LoadBalancer does. */
	private static Mono<ClientResponse> none(String service) {
		return Mono.fromSupplier(() -> ClientResponse.create(HttpStatus.SERVICE_UNAVAILABLE)
			.body("There is no instance of the service '%s'".formatted(service))
			.build());
	}

	private PeakEwmaBalance<ClientCall, ClientResponse> balance(String service, List<Server> servers) {
		Known known = this.services.get(service);
		if (known == null || !known.servers.equals(servers)) {
			known = this.services.compute(service, (name, before) -> known(before, servers));
		}
		return known.balance;
	}

	private Known known(@Nullable Known before, List<Server> servers) {
		if (before != null && before.servers.equals(servers)) {
			return before;
		}
		List<ServicePlace> places = servers.stream()
			.distinct()
			.map((server) -> new ServicePlace(server, this.attempt))
			.toList();
		return new Known(servers, (before != null) ? before.balance.with(places) : ClientLimit.balance(places));
	}

	private record Known(List<Server> servers, PeakEwmaBalance<ClientCall, ClientResponse> balance) {
	}

}
