package dev.loopline.autoconfigure.web;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.runtime.StrandKind;
import dev.loopline.runtime.StrandSnapshot;
import dev.loopline.runtime.TaskRuntime;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for requests that share a connection.
 */
class StrandPerStreamTests {

	private static final int BLOCKED = 8;

	private static final int SIBLINGS = 20;

	private TestServer server;

	private Http2Client client;

	private Gate gate;

	@BeforeEach
	void startServer() {
		start();
	}

	@AfterEach
	void stopServer() {
		this.gate.open();
		this.server.close();
	}

	private void start(String... properties) {
		String[] all = new String[properties.length + 1];
		all[0] = "server.http2.enabled=true";
		System.arraycopy(properties, 0, all, 1, properties.length);
		this.server = TestServer.start(StreamApp.class, all);
		this.gate = this.server.context().getBean(Gate.class);
		this.client = new Http2Client(this.server);
	}

	private void restart(String... properties) {
		stopServer();
		start(properties);
	}

	@Test
	void blockedStreamsDoNotHoldTheirSiblings() {
		List<CompletableFuture<String>> blocked = getMany(BLOCKED, "/blocked");
		this.gate.awaitEntered(BLOCKED);
		assertSiblingsAreAnswered();
		assertThat(blocked).noneMatch(CompletableFuture::isDone);
		this.gate.open();
		assertThat(blocked).allSatisfy((response) -> assertThat(response.join()).isEqualTo("freed"));
		this.client.assertStillTheSameConnection();
	}

	@Test
	void blockedStreamHoldsItsSiblingsWhenSwitchedOff() {
		restart("loopline.web.strand-per-stream=false");
		CompletableFuture<String> blocked = this.client.get("/blocked");
		this.gate.awaitEntered(1);
		List<CompletableFuture<String>> siblings = getMany(SIBLINGS, "/connection");
		for (int i = 0; i < SIBLINGS; i++) {
			assertThat(this.server.get("/connection").statusCode()).isEqualTo(200);
		}
		assertThat(siblings).noneMatch(CompletableFuture::isDone);
		this.gate.open();
		assertThat(blocked.join()).isEqualTo("freed");
		siblings.forEach(CompletableFuture::join);
	}

	@Test
	void handlerThatBlocksOnceTheBodyIsThereDoesNotHoldItsSiblings() {
		CompletableFuture<String> blocked = this.client.post("/blocked-body", BodyPublishers.ofString("body"));
		this.gate.awaitEntered(1);
		assertSiblingsAreAnswered();
		this.gate.open();
		assertThat(blocked.join()).isEqualTo("body");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/generated", "/events" })
	void responseThatBlocksHalfwayDoesNotHoldItsSiblings(String path) {
		CompletableFuture<String> blocked = this.client.get(path);
		this.gate.awaitEntered(1);
		assertSiblingsAreAnswered();
		this.gate.open();
		String lines = blocked.join().replaceAll("data:|\n(?=\n)", "");
		assertThat(lines).isEqualTo(
				IntStream.range(0, StreamApp.LINES).mapToObj((line) -> line + "\n").collect(Collectors.joining()));
	}

	@Test
	void streamThatTheClientResetsIsCancelled() {
		CompletableFuture<HttpResponse<String>> request = this.client.send(this.client.request("/never").build());
		this.gate.awaitEntered(1);
		// An answered one stays for a moment
		Awaitility.await().until(() -> streams().size() == 1);
		this.gate.open();
		request.cancel(true);
		Gate.await(this.server.context().getBean("cancelled", CountDownLatch.class));
		Awaitility.await().until(() -> streams().isEmpty());
		this.client.assertStillTheSameConnection();
	}

	@Test
	void streamsAreListedUntilTheyAreAnswered() {
		List<CompletableFuture<String>> blocked = getMany(3, "/blocked");
		this.gate.awaitEntered(3);
		assertThat(streams()).hasSize(3)
			.doesNotHaveDuplicates()
			.allMatch((name) -> name.matches("127\\.0\\.0\\.1:\\d+ stream \\d+"));
		this.gate.open();
		blocked.forEach(CompletableFuture::join);
		Awaitility.await().until(() -> streams().isEmpty());
	}

	private List<String> streams() {
		return this.server.context()
			.getBean(TaskRuntime.class)
			.diagnostics()
			.strands()
			.filter((strand) -> strand.kind() == StrandKind.STREAM)
			.map(StrandSnapshot::name)
			.toList();
	}

	@Test
	void longBodiesArriveWhole() {
		int length = 5_000_000;
		List<CompletableFuture<String>> uploads = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			uploads.add(this.client.post("/length", BodyPublishers.ofByteArray(new byte[length])));
		}
		assertThat(uploads).allSatisfy((upload) -> assertThat(upload.join()).isEqualTo(String.valueOf(length)));
		assertThat(this.client.post("/echo", BodyPublishers.ofString("short")).join()).isEqualTo("short");
		this.client.assertStillTheSameConnection();
	}

	@Test
	void failureIsAnswered() {
		HttpResponse<String> response = this.client.send(this.client.request("/failing").build()).join();
		assertThat(response.statusCode()).isEqualTo(500);
		this.client.assertStillTheSameConnection();
	}

	@Test
	void strandKnowsItsRequest() {
		assertThat(this.client.get("/described/4711").join()).isEqualTo("GET /described/{id}");
	}

	@Test
	void contextOfTheRequestIsKept() {
		assertThat(this.client.get("/context").join()).isEqualTo("/context");
	}

	private void assertSiblingsAreAnswered() {
		getMany(SIBLINGS, "/context").forEach((sibling) -> assertThat(sibling.join()).isEqualTo("/context"));
		this.client.assertStillTheSameConnection();
	}

	private List<CompletableFuture<String>> getMany(int count, String path) {
		return IntStream.range(0, count).mapToObj((i) -> this.client.get(path)).toList();
	}

}
