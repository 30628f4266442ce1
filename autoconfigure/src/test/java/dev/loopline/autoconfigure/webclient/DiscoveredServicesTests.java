package dev.loopline.autoconfigure.webclient;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.limits.InvalidLimitException;
import dev.loopline.autoconfigure.webclient.ServiceDiscovery.Server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DiscoveredServices}, as limits have them.
 */
class DiscoveredServicesTests {

	private final List<URI> sent = new ArrayList<>();

	private List<Server> servers = List.of();

	@Test
	void requestsGoToTheServersOfTheService() {
		this.servers = List.of(new Server(null, "one:8080"), new Server("https", "[::1]:8443"));
		ClientLimits limits = limits();
		for (int i = 0; i < 40; i++) {
			send(limits, "http://orders/a%20b?c=d").block();
		}
		assertThat(this.sent).containsOnly(URI.create("http://one:8080/a%20b?c=d"),
				URI.create("https://[::1]:8443/a%20b?c=d"));
	}

	@Test
	void serversComeAndGo() {
		this.servers = List.of(new Server(null, "one:8080"));
		ClientLimits limits = limits();
		List<Disposable> hanging = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			hanging.add(limits.filter(request("http://orders/"), (request) -> Mono.never()).subscribe());
		}
		this.servers = List.of(new Server(null, "one:8080"), new Server(null, "two:8080"));
		send(limits, "http://orders/").block();
		assertThat(this.sent).as("the one that has less to do").containsExactly(URI.create("http://two:8080/"));
		this.servers = List.of(new Server(null, "three:8080"));
		send(limits, "http://orders/").block();
		assertThat(this.sent).last().isEqualTo(URI.create("http://three:8080/"));
		hanging.forEach(Disposable::dispose);
	}

	@Test
	void serverThatIsListedTwiceIsOne() {
		this.servers = List.of(new Server(null, "one:8080"), new Server(null, "one:8080"));
		send(limits(), "http://orders/").block();
		assertThat(this.sent).hasSize(1);
	}

	@Test
	void serviceWithoutServersIsUnavailable() {
		ClientResponse answer = send(limits(), "http://orders/").block();
		assertThat(answer).isNotNull();
		assertThat(answer.statusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
		assertThat(answer.bodyToMono(String.class).block()).contains("orders");
		assertThat(this.sent).isEmpty();
	}

	@Test
	void servicesAreApart() {
		this.servers = List.of(new Server(null, "one:8080"));
		ClientLimits limits = limits();
		send(limits, "http://orders/").block();
		this.servers = List.of(new Server(null, "two:8080"));
		send(limits, "http://invoices/").block();
		assertThat(this.sent).containsExactly(URI.create("http://one:8080/"), URI.create("http://two:8080/"));
	}

	@Test
	void needsSpringCloud() {
		assertThatExceptionOfType(InvalidLimitException.class).isThrownBy(() -> new ClientLimits(properties(), null))
			.withMessageContaining("loopline.client.limits.services.discovery")
			.withMessageContaining("Spring Cloud LoadBalancer");
	}

	@Test
	void instancesContradictIt() {
		ClientLimitsProperties properties = properties();
		properties.getLimits().get("services").getInstances().add("one:8080");
		assertThatExceptionOfType(InvalidLimitException.class)
			.isThrownBy(() -> new ClientLimits(properties, (request) -> Mono.empty()))
			.withMessageContaining("contradicts 'loopline.client.limits.services.instances'");
	}

	private ClientLimits limits() {
		return new ClientLimits(properties(), (request) -> Mono.fromSupplier(() -> this.servers));
	}

	private static ClientLimitsProperties properties() {
		ClientLimitsProperties properties = new ClientLimitsProperties();
		ClientLimitsProperties.Limit limit = new ClientLimitsProperties.Limit();
		limit.getHosts().add("*");
		limit.setDiscovery(true);
		properties.getLimits().put("services", limit);
		return properties;
	}

	private Mono<ClientResponse> send(ClientLimits limits, String uri) {
		return limits.filter(request(uri), (request) -> {
			this.sent.add(request.url());
			return Mono.just(ClientResponse.create(HttpStatus.OK).build());
		});
	}

	private static ClientRequest request(String uri) {
		return ClientRequest.create(HttpMethod.GET, URI.create(uri)).build();
	}

}
