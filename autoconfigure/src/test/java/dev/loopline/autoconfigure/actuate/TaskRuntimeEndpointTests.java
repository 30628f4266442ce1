package dev.loopline.autoconfigure.actuate;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.test.StepVerifier;

import dev.loopline.runtime.JoinHandle;
import dev.loopline.runtime.RuntimeThreads;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.StrandKind;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskStatus;
import dev.loopline.runtime.actor.ActorRef;
import dev.loopline.runtime.actor.Actors;
import dev.loopline.runtime.stall.WorkDescription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * Tests for {@link TaskRuntimeEndpoint} as it is seen over HTTP.
 */
class TaskRuntimeEndpointTests {

	private static ReactiveWebServerApplicationContext context;

	private static WebTestClient client;

	private static TaskRuntime runtime;

	@BeforeAll
	static void startServer() {
		SpringApplication application = new SpringApplication(Application.class);
		context = (ReactiveWebServerApplicationContext) application.run("--server.port=0", "--server.address=127.0.0.1",
				"--spring.main.web-application-type=reactive", "--spring.reactor.netty.shutdown-quiet-period=0",
				"--management.endpoints.web.exposure.include=loopline,health",
				"--management.endpoint.health.show-components=always");
		client = WebTestClient.bindToServer()
			.baseUrl("http://127.0.0.1:" + context.getWebServer().getPort() + "/actuator")
			.responseTimeout(Duration.ofSeconds(30))
			.build();
		runtime = context.getBean(TaskRuntime.class);
	}

	@AfterAll
	static void stopServer() {
		context.close();
	}

	@Test
	void showsTheRuntime() {
		get("/loopline").expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.flavour")
			.isEqualTo("multi-thread")
			.jsonPath("$.workers.length()")
			.isEqualTo(runtime.config().workers())
			.jsonPath("$.processors")
			.isEqualTo(Runtime.getRuntime().availableProcessors())
			.jsonPath("$.strands.connection")
			.value(Matchers.greaterThanOrEqualTo(1))
			.jsonPath("$.pollTime.buckets[0].length()")
			.isEqualTo(2)
			.jsonPath("$.config.stallThreshold")
			.isNotEmpty();
	}

	@Test
	void saysWhichProcessItIs() {
		get("/loopline/identity").expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.application")
			.isNotEmpty()
			.jsonPath("$.instance")
			.isNotEmpty()
			.jsonPath("$.pid")
			.isEqualTo(ProcessHandle.current().pid());
	}

	@Test
	void keepsAQuarterOfAnHour() {
		get("/loopline/history").expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.stepMillis")
			.isEqualTo(15_000)
			.jsonPath("$.stalls.length()")
			.isEqualTo(60)
			.jsonPath("$.culprits")
			.isArray();
	}

	@Test
	void showsTheRouteThatRuns() {
		get("/loopline/routes").expectStatus().isOk().expectBody().jsonPath("$.routes").isArray();
	}

	@Test
	void timesRequestsByRouteWhileSomebodyLooks() {
		get("/loopline/routes").expectStatus().isOk();
		get("/health").expectStatus().isOk();
		// Its observation ends after its answer.
		Awaitility.await()
			.untilAsserted(() -> get("/loopline/routes").expectBody()
				.jsonPath("$.routes[?(@.route=='GET /actuator/health')].requests")
				.isEqualTo(1)
				.jsonPath("$.routes[?(@.route=='GET /actuator/health')].p99Nanos")
				.value(Matchers.everyItem(Matchers.greaterThan(0))));
	}

	@Test
	void showsTheStacksOfCulprits() {
		get("/loopline/samples").expectStatus().isOk().expectBody().jsonPath("$.culprits").isArray();
	}

	@Test
	void showsWhichLoopsAreStrands() {
		get("/loopline/loops").expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.pools[0].library")
			.isEqualTo("loopline")
			.jsonPath("$.pools[0].threads")
			.isEqualTo(runtime.config().workers())
			.jsonPath("$.pools[?(@.library == 'reactor-netty' && @.strands == true)].threads")
			.isEqualTo(0)
			.jsonPath("$.pools[?(@.library == 'reactor' && @.strands == true)].threads")
			.isEqualTo(0);
	}

	@Test
	void showsSpawnedTasksAndActorsByName() {
		JoinHandle<Object> task = runtime.spawnAsync("a spawned task", CompletableFuture::new);
		ActorRef<String> actor = Actors.of(runtime).spawn("an actor", () -> (message, self) -> {
		});
		Awaitility.await().until(() -> task.status() == TaskStatus.SUSPENDED);
		get("/loopline/tasks").expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.tasks[?(@.name == 'a spawned task')].status")
			.isEqualTo("SUSPENDED");
		get("/loopline/actors").expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.actors[?(@.name == 'an actor')].mailboxDepth")
			.isEqualTo(0);
		task.abort();
		actor.stop();
	}

	@Test
	void showsTheRuntimeAsTextForTerminals() {
		client.get()
			.uri("/loopline")
			.accept(MediaType.TEXT_PLAIN)
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentTypeCompatibleWith(MediaType.TEXT_PLAIN)
			.expectBody(String.class)
			.value((text) -> assertThat(text).startsWith("multi-thread, up ").contains("schedule latency", "worker"));
	}

	@Test
	void showsWorkers() {
		get("/loopline/workers").expectStatus().isOk().expectBody().jsonPath("$.workers[0].thread").isNotEmpty();
	}

	@Test
	void showsStrandsOfWhichOneIsRunningWithItsStack() throws InterruptedException {
		Strand strand = runtime.newStrand();
		StrandInstrumentation.enlist(strand, StrandKind.OTHER, "<script>alert(1)</script>\n");
		StrandInstrumentation.setContext(strand, () -> new WorkDescription(null, "GET /items/{id}", "Items#get"));
		CountDownLatch running = new CountDownLatch(1);
		CountDownLatch gate = new CountDownLatch(1);
		strand.execute(() -> holdThread(running, gate));
		assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
		try {
			get("/loopline/strands?kind=other&state=running&text=ITEMS").expectStatus()
				.isOk()
				.expectBody()
				.jsonPath("$.total")
				.isEqualTo(1)
				.jsonPath("$.strands[0].name")
				.isEqualTo("<script>alert(1)</script> ")
				.jsonPath("$.strands[0].route")
				.isEqualTo("GET /items/{id}")
				.jsonPath("$.strands[0].state")
				.isEqualTo("running")
				.jsonPath("$.strands[0].stack[*]")
				.value(Matchers.hasItem(Matchers.containsString("TaskRuntimeEndpointTests.holdThread")));
		}
		finally {
			gate.countDown();
		}
	}

	@Test
	void pagesAreCutFromOneOrder() {
		List<Strand> strands = new ArrayList<>();
		for (int i = 0; i < 25; i++) {
			Strand strand = runtime.newStrand();
			StrandInstrumentation.enlist(strand, StrandKind.ACTOR, "actor " + (char) ('a' + i));
			strands.add(strand);
		}
		get("/loopline/strands?kind=actor&sort=-name&size=10&page=2").expectBody()
			.jsonPath("$.total")
			.isEqualTo(25)
			.jsonPath("$.strands[*].name")
			.isEqualTo(List.of("actor e", "actor d", "actor c", "actor b", "actor a"));
		Reference.reachabilityFence(strands);
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"',
			value = { "size=0, 'size' must be from 1 to 500", "size=501, 'size' must be from 1 to 500",
					"size=many, 'size' must be from 1 to 500", "page=-1, 'page' must be from 0 to 200",
					"page=201, 'page' must be from 0 to 200", "page=99999999999, 'page' must be from 0 to 200",
					"sort=secret, 'sort' must be one of age", "kind=cat, 'kind' must be one of connection",
					"state=1, 'state' must be one of idle" })
	void refusesParametersThatAreOutOfRange(String query, String reason) {
		assertRefused("/loopline/strands?" + query, reason);
	}

	@Test
	void refusesATextThatIsTooLong() {
		assertRefused("/loopline/strands?text=" + "x".repeat(101), "'text' must be at most 100 characters");
	}

	@Test
	void refusesAQueryThatIsTooLong() {
		get("/loopline/strands?text=" + "x".repeat(100_000)).expectStatus().isEqualTo(HttpStatus.URI_TOO_LONG);
	}

	private static void assertRefused(String path, String reason) {
		get(path).expectStatus().isBadRequest().expectBody().jsonPath("$.detail").value(Matchers.startsWith(reason));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/loopline/nothing", "/loopline/console.html", "/loopline/..%2Fconsole",
			"/loopline/console/x", "/loopline/application.yaml" })
	void knowsNothingElse(String path) {
		client.get()
			.uri(URI.create(baseUrl() + path))
			.exchange()
			.expectStatus()
			.value((status) -> assertThat(status).isIn(400, 404));
	}

	@ParameterizedTest
	@CsvSource({ "console, text/html", "console.js, text/javascript", "charts.js, text/javascript",
			"theme.js, text/javascript", "incident.js, text/javascript", "limits.js, text/javascript",
			"text.js, text/javascript", "console.css, text/css" })
	void servesTheConsole(String name, String type) throws IOException {
		byte[] body = get("/loopline/" + name).expectStatus()
			.isOk()
			.expectHeader()
			.contentTypeCompatibleWith(MediaType.parseMediaType(type))
			.expectBody()
			.returnResult()
			.getResponseBody();
		assertThat(body).isNotEmpty();
		assertThat(new String(body, StandardCharsets.UTF_8)).doesNotContain("//cdn", "src=\"http");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/loopline", "/loopline/strands" })
	void changesNothing(String path) {
		client.post().uri(path).exchange().expectStatus().isEqualTo(405);
		client.delete().uri(path).exchange().expectStatus().isEqualTo(405);
	}

	@Test
	void streamsSnapshots() {
		StepVerifier.create(client.get()
			.uri("/loopline/stream")
			.accept(MediaType.TEXT_EVENT_STREAM)
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.valueEquals("Cache-Control", "no-store")
			.returnResult(new ParameterizedTypeReference<ServerSentEvent<String>>() {
			})
			.getResponseBody()
			.take(2))
			.assertNext((event) -> assertThat(event.event()).isEqualTo("snapshot"))
			.assertNext((event) -> assertThat(event.data()).contains("\"workers\":["))
			.expectComplete()
			.verify(Duration.ofSeconds(30));
	}

	@Test
	void showsAPageOfManyStrands() {
		Strand[] strands = Stream.generate(TaskRuntimeEndpointTests::newListedStrand)
			.limit(100_000)
			.toArray(Strand[]::new);
		get("/loopline/strands?kind=other&size=500&sort=-age").expectBody()
			.jsonPath("$.total")
			.value(Matchers.greaterThanOrEqualTo(strands.length))
			.jsonPath("$.strands.length()")
			.isEqualTo(500);
		Reference.reachabilityFence(strands);
	}

	@Test
	void workersNeitherSearchNorDrawThePage() {
		AtomicBoolean asked = new AtomicBoolean();
		AtomicBoolean onWorker = new AtomicBoolean();
		Strand strand = runtime.newStrand();
		StrandInstrumentation.enlist(strand, StrandKind.OTHER, new Object() {

			@Override
			public String toString() {
				asked.set(true);
				onWorker.compareAndSet(false, RuntimeThreads.isWorker());
				return "witness";
			}

		});
		get("/loopline/strands?text=witness").expectBody().jsonPath("$.total").isEqualTo(1);
		assertThat(asked).isTrue();
		assertThat(onWorker).isFalse();
		Reference.reachabilityFence(strand);
	}

	@Test
	void nameOfAMegabyteIsCut() {
		Strand strand = runtime.newStrand();
		StrandInstrumentation.enlist(strand, StrandKind.OTHER, "megabyte " + "\n\u001b<b>".repeat(200_000));
		byte[] body = get("/loopline/strands?text=megabyte").expectBody()
			.jsonPath("$.strands[0].name")
			.value(Matchers.hasLength(200))
			.jsonPath("$.strands[0].name")
			.value(Matchers.startsWith("megabyte   <b>  <b>"))
			.returnResult()
			.getResponseBody();
		assertThat(body).hasSizeLessThan(2_000);
		Reference.reachabilityFence(strand);
	}

	@Test
	void streamsToNoMoreThanItSays() {
		TaskRuntimeEndpoint endpoint = context.getBean(TaskRuntimeEndpoint.class);
		HttpClient http = HttpClient.newHttpClient();
		HttpRequest request = HttpRequest.newBuilder(URI.create(baseUrl() + "/loopline/stream")).build();
		List<CompletableFuture<HttpResponse<InputStream>>> viewers = Stream
			.generate(() -> http.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream()))
			.limit(1_000)
			.toList();
		List<HttpResponse<InputStream>> answers = viewers.stream().map(CompletableFuture::join).toList();
		assertThat(answers).filteredOn((answer) -> answer.statusCode() == 200)
			.hasSize(TaskRuntimeEndpoint.MAX_SUBSCRIBERS);
		assertThat(answers).filteredOn((answer) -> answer.statusCode() == 429)
			.hasSize(1_000 - TaskRuntimeEndpoint.MAX_SUBSCRIBERS);
		get("/loopline/stream").expectStatus()
			.isEqualTo(429)
			.expectBody()
			.jsonPath("$.detail")
			.isEqualTo("This server streams to 32 at a time");
		for (HttpResponse<InputStream> answer : answers) {
			assertThatCode(() -> answer.body().close()).doesNotThrowAnyException();
		}
		Awaitility.await().untilAsserted(() -> assertThat(endpoint.subscribers()).isZero());
	}

	@ParameterizedTest
	@ValueSource(strings = { "/loopline", "/loopline/", "/loopline/strands", "/loopline/strands?size=0",
			"/loopline/console", "/loopline/console.js", "/loopline/nothing", "/loopline/a/b" })
	void answersAreNotKeptNorGuessedNorFramed(String path) {
		EntityExchangeResult<byte[]> answer = get(path).expectBody().returnResult();
		assertThat(answer.getResponseHeaders().toSingleValueMap()).containsEntry("Cache-Control", "no-store")
			.containsEntry("X-Content-Type-Options", "nosniff")
			.containsEntry("Content-Security-Policy", EndpointHeadersMapping.POLICY);
	}

	@Test
	void policyIsThatOfThePageAndForbidsFrames() {
		String page = get("/loopline/console").expectBody(String.class).returnResult().getResponseBody();
		String policy = EndpointHeadersMapping.POLICY;
		assertThat(policy).endsWith("; frame-ancestors 'none'");
		assertThat(page).contains("content=\"" + policy.substring(0, policy.lastIndexOf(';')) + "\"");
	}

	@Test
	void onlyTheComparisonMayAskOtherServers() {
		EntityExchangeResult<String> answer = get("/loopline/replicas").expectBody(String.class).returnResult();
		String policy = answer.getResponseHeaders().getFirst("Content-Security-Policy");
		assertThat(policy)
			.isEqualTo(EndpointHeadersMapping.POLICY.replace("connect-src 'self'", "connect-src 'self' http: https:"));
		assertThat(answer.getResponseBody())
			.contains("content=\"" + policy.substring(0, policy.lastIndexOf(';')) + "\"");
	}

	@Test
	void answersOfOthersAreLeftAlone() {
		for (String path : List.of("/health", "/looplines")) {
			get(path).expectHeader().doesNotExist("Content-Security-Policy");
		}
	}

	@Test
	void requestsWithoutBodyTakeNoStreamAway() {
		for (int i = 0; i < 2 * TaskRuntimeEndpoint.MAX_SUBSCRIBERS; i++) {
			client.head()
				.uri("/loopline/stream")
				.accept(MediaType.TEXT_EVENT_STREAM)
				.exchange()
				.expectStatus()
				.isOk()
				.expectBody()
				.isEmpty();
		}
		assertThat(context.getBean(TaskRuntimeEndpoint.class).subscribers()).isZero();
	}

	@Test
	void showsWhoStalled() throws InterruptedException {
		CountDownLatch running = new CountDownLatch(1);
		CountDownLatch gate = new CountDownLatch(1);
		runtime.spawn("import", () -> {
			holdThread(running, gate);
			return 1;
		});
		assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
		try {
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> get("/loopline/stalls").expectStatus()
					.isOk()
					.expectBody()
					.jsonPath("$.running[*].stack[*]")
					.value(Matchers.hasItem(Matchers.containsString("TaskRuntimeEndpointTests.holdThread")))
					.jsonPath("$.culprits[*].method")
					.value(Matchers.hasItem(Matchers.endsWith("TaskRuntimeEndpointTests.holdThread")))
					.jsonPath("$.running[*].task")
					.value(Matchers.hasItem("import"))
					.jsonPath("$.culprits[*].task")
					.value(Matchers.hasItem("import"))
					.jsonPath("$.counts.blocking")
					.value(Matchers.greaterThanOrEqualTo(1)));
		}
		finally {
			gate.countDown();
		}
	}

	@Test
	void isPartOfTheHealth() {
		get("/health").expectBody().jsonPath("$.components.loopline.status").isEqualTo("UP");
	}

	private static Strand newListedStrand() {
		Strand strand = runtime.newStrand();
		StrandInstrumentation.enlist(strand, StrandKind.OTHER, null);
		return strand;
	}

	private static WebTestClient.ResponseSpec get(String path) {
		return client.get().uri(path).exchange();
	}

	private static String baseUrl() {
		return "http://127.0.0.1:" + context.getWebServer().getPort() + "/actuator";
	}

	private static void holdThread(CountDownLatch running, CountDownLatch gate) {
		running.countDown();
		try {
			gate.await(20, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
