package dev.loopline.autoconfigure.webclient;

import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.limits.InvalidLimitException;
import dev.loopline.layers.LayerTimeoutException;
import dev.loopline.layers.OverloadedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ClientLimits}.
 */
class ClientLimitsTests {

	private final List<URI> sent = new CopyOnWriteArrayList<>();

	private final AtomicInteger released = new AtomicInteger();

	@Test
	void failedRequestIsSentAgainAndItsBodyIsReleased() {
		ClientLimits limits = limits("hosts=*", "retry.max-attempts=3", "retry.backoff=1ms");
		assertThat(status(limits, HttpMethod.GET, answers(503, 502, 200))).isEqualTo(200);
		assertThat(this.sent).hasSize(3);
		assertThat(this.released).hasValue(2);
		assertThat(requests(limits)).containsEntry("retried", 2L).containsEntry("answered", 1L);
	}

	@Test
	void lastFailureKeepsItsBody() {
		ClientLimits limits = limits("hosts=*", "retry.max-attempts=2", "retry.backoff=1ms");
		String body = limits.filter(request(HttpMethod.GET, "http://a/"), answers(503, 504))
			.flatMap((answer) -> answer.bodyToMono(String.class))
			.block();
		assertThat(body).isEqualTo("504");
		assertThat(this.released).as("bodies that were read or released").hasValue(2);
	}

	@Test
	void postIsNotSentAgainUnlessItMayBe() {
		assertThat(status(limits("hosts=*", "retry.max-attempts=3"), HttpMethod.POST, answers(503, 200)))
			.isEqualTo(503);
		assertThat(status(limits("hosts=*", "retry.max-attempts=3", "retry.methods=post", "retry.backoff=1ms"),
				HttpMethod.POST, answers(503, 200)))
			.isEqualTo(200);
	}

	@Test
	void connectionThatCannotBeMadeIsTriedAgain() {
		ClientLimits limits = limits("hosts=*", "retry.max-attempts=2", "retry.backoff=1ms");
		ExchangeFunction server = answers(200);
		int status = status(limits, HttpMethod.GET, (request) -> {
			if (this.sent.isEmpty()) {
				this.sent.add(request.url());
				return Mono.error(new WebClientRequestException(new ConnectException(), request.method(), request.url(),
						HttpHeaders.EMPTY));
			}
			return server.exchange(request);
		});
		assertThat(status).isEqualTo(200);
	}

	@Test
	void nobodyIsKeptWaitingForHours() {
		ClientLimits limits = limits("hosts=*", "retry.max-attempts=2");
		ClientResponse answer = limits.filter(request(HttpMethod.GET, "http://a/"), (request) -> Mono.just(
				ClientResponse.create(HttpStatus.SERVICE_UNAVAILABLE).header(HttpHeaders.RETRY_AFTER, "3600").build()))
			.block(Duration.ofSeconds(20));
		assertThat(answer).extracting(ClientResponse::statusCode).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
		assertThat(requests(limits)).containsEntry("retried", 0L);
	}

	@Test
	void bodyIsNotReadByTwoAttemptsAtOnce() {
		ClientLimits limits = limits("hosts=*", "hedge.percentile=50", "hedge.min-data-points=1", "hedge.period=500ms",
				"hedge.budget=1");
		await().pollDelay(Duration.ZERO).until(() -> {
			status(limits, HttpMethod.PUT, answers(200));
			return limits.snapshot().get(0).hedgeDelay() != null;
		});
		this.sent.clear();
		ClientRequest put = ClientRequest.create(HttpMethod.PUT, URI.create("http://a/body"))
			.body(Mono.just("x"), String.class)
			.build();
		ClientRequest later = request(HttpMethod.PUT, "http://a/none");
		Disposable calls = Flux.just(put, later)
			.flatMap((call) -> limits.filter(call, (request) -> answer(request, 200).then(Mono.never())))
			.subscribe();
		await().until(() -> Collections.frequency(this.sent, later.url()) == 2);
		calls.dispose();
		assertThat(this.sent).containsOnlyOnce(put.url());
		assertThat(new ClientCall(put, (request) -> Mono.never()).hasNoBody()).isFalse();
		assertThat(new ClientCall(request(HttpMethod.PUT, "http://a/"), (request) -> Mono.never()).hasNoBody())
			.isTrue();
	}

	@Test
	void budgetEndsRetries() {
		ClientLimits limits = limits("hosts=*", "retry.max-attempts=2", "retry.min-per-second=0", "retry.budget=0.5",
				"retry.backoff=1ms");
		for (int i = 0; i < 10; i++) {
			status(limits, HttpMethod.GET, (request) -> answer(request, 503));
		}
		assertThat(requests(limits)).containsEntry("retried", 5L).containsEntry("retry-without-budget", 5L);
	}

	@Test
	void timeIsThatOfAllAttemptsAndOfEach() {
		ClientLimits limits = limits("hosts=*", "timeout=60ms");
		assertThatExceptionOfType(LayerTimeoutException.class)
			.isThrownBy(() -> status(limits, HttpMethod.GET, (request) -> Mono.never()));
		assertThat(requests(limits)).containsEntry("timed-out", 1L);
		ExchangeFunction server = answers(200);
		assertThat(status(limits("hosts=*", "attempt-timeout=30ms", "retry.max-attempts=2", "retry.backoff=1ms"),
				HttpMethod.GET, (request) -> {
					boolean first = this.sent.isEmpty();
					Mono<ClientResponse> answer = server.exchange(request);
					return first ? Mono.never() : answer;
				}))
			.isEqualTo(200);
	}

	@Test
	void hostThatRefusesIsAskedLess() {
		ClientLimits limits = limits("hosts=*", "throttle=true");
		for (int i = 0; i < 200; i++) {
			limits.filter(request(HttpMethod.GET, "http://a/"), (request) -> answer(request, 503))
				.onErrorComplete(OverloadedException.class)
				.block();
		}
		assertThat(this.sent).hasSizeLessThan(60);
		assertThat(requests(limits).get("throttled")).isGreaterThan(140);
		limits.filter(request(HttpMethod.GET, "http://b/"), answers(200)).block();
		assertThat(limits.snapshot().get(0).hosts()).containsOnlyKeys("a:80", "b:80");
	}

	@Test
	void cancelStormLeavesEveryPermitBack() {
		ClientLimits limits = limits("hosts=*", "concurrency.max=4", "retry.max-attempts=2", "timeout=1m");
		for (int i = 0; i < 500; i++) {
			List<Disposable> calls = new ArrayList<>();
			for (int j = 0; j < 6; j++) {
				calls.add(limits.filter(request(HttpMethod.GET, "http://a/"), (request) -> Mono.never())
					.subscribe((answer) -> {
					}, (error) -> {
					}));
			}
			calls.forEach(Disposable::dispose);
		}
		assertThat(limits.snapshot().get(0).hosts().get("a:80").inFlight()).isZero();
		assertThat(limits.snapshot().get(0).hosts().get("a:80").maxConcurrent()).isEqualTo(4);
	}

	@Test
	void requestsAreSpreadOverInstancesAndTheFailingOneIsLeft() {
		ClientLimits limits = limits("hosts=inventory", "instances=localhost:8080,localhost:9090");
		for (int i = 0; i < 200; i++) {
			status(limits, HttpMethod.GET, (request) -> answer(request, (request.url().getPort() != 9090) ? 200 : 500),
					"http://inventory/a%20b?c=d%26e");
		}
		assertThat(this.sent).contains(URI.create("http://localhost:8080/a%20b?c=d%26e"));
		assertThat(this.sent.stream().filter((uri) -> uri.getPort() == 9090)).hasSizeBetween(1, 40);
	}

	@ParameterizedTest
	@CsvSource({ "http://api.example.org/, exact", "https://api.example.org/, port", "http://API.example.org/x, exact",
			"http://b.example.org/, end", "https://example.org/, all", "http://[::1]:8080/, v6" })
	void mostSpecificHostCounts(URI uri, String expected) {
		ClientLimits limits = all("exact.hosts=api.example.org", "port.hosts=api.example.org:443",
				"end.hosts=*.example.org", "all.hosts=*", "v6.hosts=[::1]:8080");
		limits.filter(ClientRequest.create(HttpMethod.GET, uri).build(), answers(200)).block();
		assertThat(limits.snapshot().stream().filter((limit) -> limit.requests().get("answered") == 1))
			.extracting(ClientLimitSnapshot::name)
			.containsExactly(expected);
	}

	@Test
	void metersCount() {
		ClientLimits limits = limits("hosts=*", "concurrency.max=4");
		status(limits, HttpMethod.GET, answers(200));
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		new ClientLimitMetrics(limits).bindTo(registry);
		assertThat(registry.get("loopline.client.requests")
			.tags("limit", "a", "outcome", "answered")
			.functionCounter()
			.count()).isEqualTo(1);
		assertThat(registry.get("loopline.client.max-concurrent").gauge().value()).isEqualTo(4);
		assertThat(registry.get("loopline.client.in-flight").gauge().value()).isZero();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "hosts=http://a/;throttle=true | http://a/ | hosts",
			"throttle=true | | hosts", "hosts=a | | a' sets no limit", "hosts=a;timeout=0s | PT0S | timeout",
			"hosts=a;timeout=1s;attempt-timeout=1s | PT1S | attempt-timeout",
			"hosts=a;retry.max-attempts=1 | 1 | retry.max-attempts", "hosts=a;retry.budget=1 | 1.0 | retry.budget",
			"hosts=a;retry.max-attempts=2;retry.budget=11 | 11.0 | retry.budget",
			"hosts=a;retry.max-attempts=2;retry.statuses=200 | 200 | retry.statuses",
			"hosts=a;retry.max-attempts=2;retry.methods=got | got | retry.methods",
			"hosts=a;retry.max-attempts=2;retry.max-backoff=1ms | PT0.001S | retry.max-backoff",
			"hosts=a;hedge.percentile=100 | 100.0 | hedge.percentile", "hosts=a;hedge.period=1s | PT1S | hedge.period",
			"hosts=a;concurrency.min=1 | 1 | concurrency.min",
			"hosts=a;concurrency.max=2;concurrency.initial=3 | 3 | concurrency.initial",
			"hosts=a;instances=b | b | instances", "hosts=a;instances=*.b:80 | *.b:80 | instances" })
	void wrongValueIsSaidWithItsKey(String settings, String value, String key) {
		assertThatExceptionOfType(InvalidLimitException.class).isThrownBy(() -> limits(settings.split(";")))
			.withMessageContaining("loopline.client.limits.a")
			.withMessageContaining(key)
			.withMessageContaining((value != null) ? value : "");
	}

	@Test
	void hostOfTwoLimitsIsRefused() {
		assertThatExceptionOfType(InvalidLimitException.class).isThrownBy(() -> all("a.hosts=x", "b.hosts=X"))
			.withMessageContaining("is a host of 'a', too");
	}

	private static ClientLimits limits(String... settings) {
		return bind("loopline.client.limits.a.", settings);
	}

	/** Each with something that it sets. */
	private static ClientLimits all(String... hosts) {
		List<String> settings = new ArrayList<>(List.of(hosts));
		for (String host : hosts) {
			settings.add(host.substring(0, host.indexOf('.')) + ".timeout=1m");
		}
		return bind("loopline.client.limits.", settings.toArray(String[]::new));
	}

	private static ClientLimits bind(String prefix, String... settings) {
		MapConfigurationPropertySource source = new MapConfigurationPropertySource();
		for (String setting : settings) {
			String[] parts = setting.split("=", 2);
			source.put(prefix + parts[0], parts[1]);
		}
		return new ClientLimits(new Binder(source).bindOrCreate("loopline.client", ClientLimitsProperties.class), null);
	}

	private static Map<String, Long> requests(ClientLimits limits) {
		return limits.snapshot().get(0).requests();
	}

	private static int status(ClientLimits limits, HttpMethod method, ExchangeFunction server) {
		return status(limits, method, server, "http://a/");
	}

	private static int status(ClientLimits limits, HttpMethod method, ExchangeFunction server, String uri) {
		return limits.filter(request(method, uri), server).map((answer) -> answer.statusCode().value()).block();
	}

	private static ClientRequest request(HttpMethod method, String uri) {
		return ClientRequest.create(method, URI.create(uri)).build();
	}

	private ExchangeFunction answers(int... statuses) {
		AtomicInteger next = new AtomicInteger();
		return (request) -> answer(request, statuses[Math.min(next.getAndIncrement(), statuses.length - 1)]);
	}

	private Mono<ClientResponse> answer(ClientRequest request, int status) {
		this.sent.add(request.url());
		return Mono.just(ClientResponse.create(HttpStatus.valueOf(status))
			.body((body) -> Flux.concat(body, read(status)))
			.build());
	}

	private Flux<DataBuffer> read(int status) {
		DataBuffer body = DefaultDataBufferFactory.sharedInstance
			.wrap(Integer.toString(status).getBytes(StandardCharsets.UTF_8));
		return Flux.just(body).doOnSubscribe((subscription) -> this.released.incrementAndGet());
	}

}
