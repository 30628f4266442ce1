package dev.loopline.autoconfigure.web;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.netty.channel.Channel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import dev.loopline.autoconfigure.Refusals;
import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.runtime.RuntimeSnapshot;
import dev.loopline.runtime.TaskRuntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for requests of routes that block when there are more of them than threads.
 */
class BusyRouteTests {

	private static final int THREADS = 2;

	private static final int CAPACITY = 3;

	private TestServer server;

	private LearningApp.Gate gate;

	@AfterEach
	void stopServer() {
		this.gate.open();
		this.server.close();
	}

	@Test
	void requestsBeyondThoseThatMayWaitAreRefused() {
		start("loopline.web.blocking-routes=/gate/*");
		List<CompletableFuture<HttpResponse<String>>> accepted = fill("/gate/");
		HttpResponse<String> refused = this.server.get("/gate/more");
		assertRefusal(refused);
		HttpResponse<String> refusedPage = java.net.http.HttpClient.newHttpClient()
			.sendAsync(HttpRequest.newBuilder(this.server.uri("/gate/page"))
				.header("Origin", "https://page.example")
				.build(), BodyHandlers.ofString())
			.join();
		assertRefusal(refusedPage);
		assertThat(refusedPage.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
		assertThat(this.server.getAsync("/where").join().body()).isEqualTo(LearningApp.WORKER);
		assertThat(refusals().byRoute()).isEqualTo(Map.of("/gate/*", 2L));
		this.gate.open();
		assertThat(accepted).allMatch((answer) -> answer.join().statusCode() == 200);
		assertThat(this.server.get("/gate/more").statusCode()).isEqualTo(200);
		assertThat(snapshot().handoffs().exhaustions()).isZero();
	}

	@Test
	void streamsBeyondThoseThatMayWaitAreRefused() {
		start("loopline.web.blocking-routes=/gate/*", "server.http2.enabled=true");
		Http2Client client = new Http2Client(this.server);
		List<CompletableFuture<HttpResponse<String>>> accepted = fill("/gate/");
		assertRefusal(client.send(client.request("/gate/more").build()).join());
		assertRefusal(
				client.send(client.request("/gate/more").POST(BodyPublishers.ofByteArray(new byte[100_000])).build())
					.join());
		client.assertStillTheSameConnection();
		this.gate.open();
		assertThat(accepted).allMatch((answer) -> answer.join().statusCode() == 200);
	}

	@Test
	void requestThatHasWaitedForTooLongIsRefused() {
		start("loopline.web.blocking-routes=/gate/*", "loopline.blocking.max-wait=50ms");
		List<CompletableFuture<HttpResponse<String>>> accepted = enter("/gate/");
		assertRefusal(this.server.get("/gate/late"));
		assertThat(snapshot().lane().depth()).isZero();
		assertThat(this.gate.inside()).hasSize(THREADS);
		this.gate.open();
		assertThat(accepted).allMatch((answer) -> answer.join().statusCode() == 200);
	}

	@Test
	void connectionIsOfUseAfterARefusal() {
		start("loopline.web.blocking-routes=/gate/*", "loopline.blocking.max-wait=50ms");
		enter("/gate/");
		ConnectionProvider one = ConnectionProvider.create("one", 1);
		List<Channel> channels = new ArrayList<>();
		HttpClient client = HttpClient.create(one)
			.doOnRequest((request, connection) -> channels.add(connection.channel()));
		String uri = this.server.uri("/gate/upload").toString();
		assertThat(client.post()
			.uri(uri)
			.send(ByteBufFlux.fromInbound(Mono.just(new byte[10_000])))
			.responseSingle((response, body) -> body.thenReturn(response.status().code()))
			.block()).isEqualTo(503);
		assertThat(client.head()
			.uri(uri)
			.responseSingle((response, body) -> body.thenReturn(response.status().code()))
			.block()).isEqualTo(503);
		assertThat(
				client.get().uri(this.server.uri("/where").toString()).responseContent().aggregate().asString().block())
			.isEqualTo(LearningApp.WORKER);
		assertThat(channels.stream().distinct()).hasSize(1);
		one.dispose();
	}

	@Test
	void clientThatLeavesMakesRoom() {
		start("loopline.web.blocking-routes=/gate/*", "server.http2.enabled=true");
		Http2Client client = new Http2Client(this.server);
		enter("/gate/");
		List<CompletableFuture<HttpResponse<String>>> waiting = IntStream.range(0, CAPACITY)
			.mapToObj((i) -> client.send(client.request("/gate/" + i).build()))
			.toList();
		await().until(() -> snapshot().lane().depth() == CAPACITY);
		waiting.forEach((answer) -> answer.cancel(true));
		await().until(() -> snapshot().lane().depth() == 0);
		assertThat(this.gate.inside()).hasSize(THREADS);
		waiting = IntStream.range(0, CAPACITY)
			.mapToObj((i) -> client.send(client.request("/gate/" + i).build()))
			.toList();
		await().until(() -> snapshot().lane().depth() == CAPACITY);
		this.gate.open();
		assertThat(waiting).allMatch((answer) -> answer.join().statusCode() == 200);
	}

	@Test
	void requestsThatBlockNeverExhaustTheThreads() {
		start("loopline.web.blocking-routes=/gate/*");
		List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
		answers.add(this.server.getAsync("/gated/1"));
		answers.add(this.server.getAsync("/gated/2"));
		await().until(() -> snapshot().handoffs().count() >= 2);
		for (int i = 0; i < 100; i++) {
			answers.add(this.server.getAsync("/gate/" + i));
			answers.add(this.server.getAsync("/gated/" + (1 + i % 2)));
		}
		await().until(() -> refusals().total() > 0);
		for (int i = 0; i < 10; i++) {
			assertThat(this.server.get("/where").body()).isEqualTo(LearningApp.WORKER);
		}
		assertThat(snapshot().handoffs().exhaustions()).isZero();
		assertThat(refusals().byRoute()).containsKeys("/gate/*", "unknown");
		this.gate.open();
		assertThat(answers.stream().map((answer) -> answer.join().statusCode()).distinct())
			.containsExactlyInAnyOrder(200, 503);
		assertThat(snapshot().handoffs().exhaustions()).isZero();
	}

	private void start(String... properties) {
		this.server = TestServer.start(LearningApp.class,
				Stream.concat(Stream.of("loopline.stall.threshold=50ms", "loopline.blocking.threads=platform",
						"loopline.blocking.max-threads=" + THREADS, "loopline.blocking.queue-capacity=" + CAPACITY),
						Stream.of(properties))
					.toArray(String[]::new));
		this.gate = this.server.context().getBean(LearningApp.Gate.class);
		this.server.get("/where"); // loads what would stall now
	}

	/**
	 * Sends as many requests as there are threads.
	 */
	private List<CompletableFuture<HttpResponse<String>>> enter(String path) {
		List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
		for (int i = 1; i <= THREADS; i++) {
			int number = i;
			answers.add(this.server.getAsync(path + i));
			await().until(() -> this.gate.inside().size() == number);
		}
		return answers;
	}

	/**
	 * Sends as many requests as there are threads, and as many as may wait.
	 */
	private List<CompletableFuture<HttpResponse<String>>> fill(String path) {
		List<CompletableFuture<HttpResponse<String>>> answers = enter(path);
		for (int i = 1; i <= CAPACITY; i++) {
			int number = i;
			answers.add(this.server.getAsync(path + "waiting"));
			await().until(() -> snapshot().lane().depth() == number);
		}
		return answers;
	}

	private static void assertRefusal(HttpResponse<String> answer) {
		assertThat(answer.statusCode()).isEqualTo(503);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(answer.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(1L, 60L);
		assertThat(answer.body()).contains("\"status\":503", "\"title\":\"Service Unavailable\"");
	}

	private Refusals refusals() {
		return this.server.context().getBean(Refusals.class);
	}

	private RuntimeSnapshot snapshot() {
		return this.server.context().getBean(TaskRuntime.class).diagnostics().snapshot();
	}

}
