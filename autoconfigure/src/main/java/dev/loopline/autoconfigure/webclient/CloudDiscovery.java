package dev.loopline.autoconfigure.webclient;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.RequestData;
import org.springframework.cloud.client.loadbalancer.RequestDataContext;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.web.reactive.function.client.ClientRequest;
import reactor.core.publisher.Mono;

/**
 * The servers that Spring Cloud LoadBalancer would choose from, with its caches, zones
 * and health checks.
 *
 * @param services its contexts, one for each service
 */
record CloudDiscovery(LoadBalancerClientFactory services) implements ServiceDiscovery {

	@Override
	public Mono<List<Server>> serversFor(ClientRequest request) {
		String service = Objects.requireNonNull(request.url().getHost());
		ServiceInstanceListSupplier supplier = this.services.getInstance(service, ServiceInstanceListSupplier.class);
		if (supplier == null) {
			return Mono.empty();
		}
		return supplier.get(new DefaultRequest<>(new RequestDataContext(new RequestData(request), hint(service))))
			.next()
			.map((instances) -> instances.stream().map(CloudDiscovery::server).toList());
	}

	/**
	 * Returns what the properties say about the service, or else about all.
	 */
	private String hint(String service) {
		Map<String, String> hints = this.services.getProperties(service).getHint();
		return hints.getOrDefault(service, hints.getOrDefault("default", "default"));
	}

	private static Server server(ServiceInstance instance) {
		String host = instance.getHost();
		String literal = (host.indexOf(':') >= 0 && !host.startsWith("[")) ? "[" + host + "]" : host;
		return new Server(scheme(instance), (instance.getPort() >= 0) ? literal + ":" + instance.getPort() : literal);
	}

	private static @Nullable String scheme(ServiceInstance instance) {
		String scheme = instance.getScheme();
		return (scheme == null && instance.isSecure()) ? "https" : scheme;
	}

}
