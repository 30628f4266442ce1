package dev.loopline.autoconfigure.web;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.runtime.TaskRuntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for how requests of a {@link LearnedRoute} are handled, most of them on
 * connections of their own.
 */
class LearnedRouteTests {

	private static final int LOOKS_PER_REQUEST = 10;

	/** Not even the first request, of which classes are loaded, waits for so long. */
	private static final String THRESHOLD = "loopline.stall.threshold=300ms";

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String WORKER = LearningApp.WORKER;

	private static final String LANE = LearningApp.LANE;

	private TestServer server;

	private SlowRoutes routes;

	@BeforeEach
	void startServer() {
		start();
	}

	@AfterEach
	void stopServer() {
		this.server.close();
	}

	private void start(String... properties) {
		String[] all = new String[properties.length + 1];
		all[0] = THRESHOLD;
		System.arraycopy(properties, 0, all, 1, properties.length);
		this.server = TestServer.start(LearningApp.class, all);
		this.routes = this.server.context().getBean(SlowRoutes.class);
	}

	private void restart(String... properties) {
		stopServer();
		start(properties);
	}

	@ParameterizedTest
	@ValueSource(strings = { "block", "subscribed", "functional", "assembled" })
	void secondRequestOfARouteThatBlocksStartsInTheLane(String route) {
		assertThat(getAndClose("/" + route + "/1")).isEqualTo(WORKER);
		awaitLearned("GET /" + route + "/{id}", () -> getAndClose("/" + route + "/1"));
		assertThat(getAndClose("/" + route + "/2")).isEqualTo(LANE);
		assertThat(getAndClose("/" + route + "/3")).isEqualTo(LANE);
		assertThat(handoffs()).isOne();
		assertThat(getAndClose("/where")).isEqualTo(WORKER);
	}

	@Test
	void routeThatBurnsIsNotLearnedFromAConnection() {
		try (Connection connection = new Connection()) {
			assertThat(connection.get("/burn/1")).isEqualTo(WORKER);
			connection.get("/where");
		}
		assertThat(getAndClose("/burn/2")).isEqualTo(WORKER);
		assertThat(this.routes.names()).isEmpty();
	}

	@Test
	void routeThatBurnsIsLearnedFromAStream() {
		restart("server.http2.enabled=true");
		Http2Client client = new Http2Client(this.server);
		assertThat(client.get("/burn/1").join()).isEqualTo(WORKER);
		awaitLearned("GET /burn/{id}", () -> client.get("/burn/1").join());
		assertThat(client.get("/burn/2").join()).isEqualTo(LANE);
	}

	@Test
	void goodRequestOnASlowConnectionIsNotTakenForABadOne() {
		try (Connection connection = new Connection()) {
			assertThat(connection.get("/block/1")).isEqualTo(WORKER);
			connection.get("/where"); // in the lane, most likely
			connection.get("/where");
		}
		assertThat(this.routes.names()).containsExactly("GET /block/{id}");
		assertThat(getAndClose("/where")).isEqualTo(WORKER);
	}

	@Test
	void connectionWithGoodAndBadRequestsInTurnStaysOnTheWorkers() {
		learn();
		try (Connection connection = new Connection()) {
			for (int i = 0; i < PastStalls.FEW; i++) {
				assertThat(connection.get("/block/" + i)).isEqualTo(LANE);
				assertThat(connection.get("/where")).isEqualTo(WORKER);
			}
		}
		assertThat(handoffs()).isOne();
	}

	@Test
	void moreExactRouteIsSentToTheLaneOnce() {
		assertThat(getAndClose("/something")).isEqualTo(WORKER);
		awaitLearned("GET /{broad}", () -> getAndClose("/something"));
		assertThat(getAndClose("/where")).isEqualTo(LANE);
		await().until(() -> this.routes.find(MockServerHttpRequest.get("/where").build()) == null);
		for (int i = 0; i < 10; i++) {
			assertThat(getAndClose("/where")).isEqualTo(WORKER);
		}
		assertThat(getAndClose("/anything")).isEqualTo(LANE);
	}

	/**
	 * Asks on a thread of its own: the common pool may have one for all.
	 */
	private CompletableFuture<String> getAsync(String path) {
		return CompletableFuture.supplyAsync(() -> getAndClose(path), (task) -> new Thread(task).start());
	}

	@Test
	void routeWhoseFirstRequestNeverEndsIsLearned() {
		CompletableFuture<String> first = getAsync("/gate/1");
		awaitLearned("GET /gate/{id}");
		CompletableFuture<String> second = getAsync("/gate/2");
		LearningApp.Gate gate = this.server.context().getBean(LearningApp.Gate.class);
		await().until(() -> gate.inside().contains(LANE));
		assertThat(handoffs()).isOne();
		assertThat(getAndClose("/where")).isEqualTo(WORKER);
		gate.open();
		assertThat(first.join()).isEqualTo(WORKER);
		assertThat(second.join()).isEqualTo(LANE);
	}

	@Test
	void filterThatNeverEndsIsLearnedByThePath() {
		CompletableFuture<String> first = getAsync("/gated/1");
		await().until(() -> this.routes.find(MockServerHttpRequest.get("/gated/1").build()) != null);
		CompletableFuture<String> second = getAsync("/gated/1");
		LearningApp.Gate gate = this.server.context().getBean(LearningApp.Gate.class);
		await().until(() -> gate.inside().contains(LANE));
		assertThat(handoffs()).isOne();
		gate.open();
		assertThat(first.join()).isEqualTo(WORKER);
		assertThat(second.join()).isEqualTo(LANE);
		awaitLearned("GET /gated/{id}");
	}

	@Test
	void routeThatDoesNotBlockAnyMoreIsForgottenWithinTenRequests() {
		assertThat(getAndClose("/moody")).isEqualTo(WORKER);
		awaitLearned("GET /moody", () -> getAndClose("/moody"));
		this.server.context().getBean("moody", AtomicBoolean.class).set(false);
		assertThat(getAndClose("/moody")).isEqualTo(LANE);
		for (int i = 2; i <= 10; i++) {
			getAndClose("/moody");
		}
		await().until(() -> this.routes.isEmpty());
		assertThat(getAndClose("/moody")).isEqualTo(WORKER);
	}

	@Test
	void routeThatBlocksInTheLaneStaysThere() {
		restart("loopline.stall.threshold=20ms");
		assertThat(getAndClose("/sleep/0")).isEqualTo(WORKER);
		awaitLearned("GET /sleep/{id}", () -> getAndClose("/sleep/0"));
		for (int i = 1; i <= 20; i++) {
			assertThat(getAndClose("/sleep/" + i)).isEqualTo(LANE);
		}
	}

	@Test
	void stallInTheLaneKnowsItsRoute() {
		assertThat(getAndClose("/stuck/1")).isEqualTo(WORKER);
		awaitLearned("GET /stuck/{id}", () -> getAndClose("/stuck/1"));
		assertThat(getAndClose("/stuck/2")).isEqualTo(LANE);
	}

	@Test
	void endpointShowsRoutesThatAreSlow() {
		restart("management.endpoints.web.exposure.include=loopline");
		learn();
		assertThat(getAndClose("/actuator/loopline/stalls")).contains("\"slowRoutes\":[\"GET /block/{id}\"]");
	}

	@Test
	void bodiesArriveWhole() {
		restart("spring.http.codecs.max-in-memory-size=10MB");
		assertThat(upload(9)).isEqualTo(WORKER + " 9");
		awaitLearned("POST /upload/{id}", () -> upload(9));
		assertThat(upload(5_000_000)).isEqualTo(LANE + " 5000000");
		assertThat(getAndClose("/events/1")).isEqualTo(events(WORKER));
		awaitLearned("GET /events/{id}", () -> getAndClose("/events/1"));
		assertThat(getAndClose("/events/2")).isEqualTo(events(LANE));
	}

	@Test
	void nothingIsLearnedWhenSwitchedOff() {
		restart("loopline.web.learn-blocking-routes=false");
		for (int i = 0; i < 3; i++) {
			assertThat(getAndClose("/block/1")).isEqualTo(WORKER);
		}
		assertThat(this.routes.isEmpty()).isTrue();
	}

	private void learn() {
		assertThat(getAndClose("/block/0")).isEqualTo(WORKER);
		awaitLearned("GET /block/{id}", () -> getAndClose("/block/0"));
	}

	/**
	 * The response can be there before anything is learned from it.
	 */
	private void awaitLearned(String name) {
		await().until(() -> this.routes.names().contains(name));
	}

	/**
	 * Asks again now and then: a thread that was loading a class when it lost its worker
	 * teaches nothing the first time.
	 */
	private void awaitLearned(String name, Runnable again) {
		AtomicInteger looks = new AtomicInteger();
		await().until(() -> {
			boolean learned = this.routes.names().contains(name);
			if (!learned && looks.incrementAndGet() % LOOKS_PER_REQUEST == 0) {
				again.run();
			}
			return learned;
		});
	}

	private long handoffs() {
		return this.server.context().getBean(TaskRuntime.class).diagnostics().snapshot().handoffs().count();
	}

	private String upload(int length) {
		return HttpClient.create()
			.post()
			.uri(this.server.uri("/upload/1").toString())
			.send(ByteBufFlux.fromInbound(Mono.just(new byte[length])))
			.responseContent()
			.aggregate()
			.asString()
			.block(PATIENCE);
	}

	private static String events(String first) {
		return IntStream.range(0, LearningApp.EVENTS)
			.mapToObj((event) -> "data:" + event + " " + ((event == 0) ? first : LANE) + "\n\n")
			.collect(Collectors.joining());
	}

	private String getAndClose(String path) {
		return get(HttpClient.newConnection().keepAlive(false), path);
	}

	private String get(HttpClient client, String path) {
		return client.get()
			.uri(this.server.uri(path).toString())
			.responseContent()
			.aggregate()
			.asString()
			.block(PATIENCE);
	}

	/**
	 * A connection for one request after the other.
	 */
	private final class Connection implements AutoCloseable {

		private final ConnectionProvider provider = ConnectionProvider.create("one", 1);

		private final HttpClient client = HttpClient.create(this.provider);

		String get(String path) {
			return LearnedRouteTests.this.get(this.client, path);
		}

		@Override
		public void close() {
			this.provider.dispose();
		}

	}

}
