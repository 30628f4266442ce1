package dev.loopline.autoconfigure.web;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client whose requests all travel on one HTTP/2 connection, which has been set up.
 */
final class Http2Client {

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

	private final TestServer server;

	private final String connection;

	Http2Client(TestServer server) {
		this.server = server;
		this.connection = get("/connection").join();
	}

	CompletableFuture<String> get(String path) {
		return send(request(path).build()).thenApply(HttpResponse::body);
	}

	CompletableFuture<String> post(String path, BodyPublisher body) {
		return send(request(path).POST(body).build()).thenApply(HttpResponse::body);
	}

	CompletableFuture<HttpResponse<String>> send(HttpRequest request) {
		// What is returned cancels the request when it is cancelled,
		// a dependent stage does not.
		CompletableFuture<HttpResponse<String>> response = this.client.sendAsync(request, BodyHandlers.ofString());
		response.thenAccept((answer) -> assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2));
		return response;
	}

	HttpRequest.Builder request(String path) {
		URI uri = this.server.uri(path);
		return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30));
	}

	void assertStillTheSameConnection() {
		assertThat(get("/connection").join()).isEqualTo(this.connection);
	}

}
