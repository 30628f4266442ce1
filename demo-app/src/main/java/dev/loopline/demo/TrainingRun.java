package dev.loopline.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Sends the application requests of its own and ends it, so that an AOT cache made from
 * this run knows the classes and profiles of one that serves.
 */
@Component
@ConditionalOnProperty("demo.training.requests")
class TrainingRun {

	private static final Logger logger = LoggerFactory.getLogger(TrainingRun.class);

	private static final List<String> PATHS = List.of("/", "/sleep?ms=1", "/block?ms=1", "/stream?count=2&ms=1",
			"/download?bytes=10000", "/proxy", "/burn?ms=10");

	/** At once, which is more than there are threads for if these are few. */
	private static final int CROWD = 16;

	private static final String BLOCK = "/block?ms=10";

	/** An image build must not hang. */
	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final int requests;

	TrainingRun(@Value("${demo.training.requests}") int requests) {
		this.requests = requests;
	}

	@EventListener
	void train(ApplicationReadyEvent event) throws IOException, InterruptedException {
		String port = event.getApplicationContext().getEnvironment().getRequiredProperty("local.server.port");
		HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
		for (int i = 0; i < this.requests; i++) {
			// Mostly Hello World
			String path = (i % 10 == 0) ? PATHS.get(i / 10 % PATHS.size()) : "/";
			logger.debug("Request {}: {}", i, path);
			client.send(request(port, path), HttpResponse.BodyHandlers.discarding());
			if (i % 100 == 0) {
				crowd(client, request(port, BLOCK));
			}
		}
		logger.info("Trained with {} requests", this.requests);
		event.getApplicationContext().close();
	}

	/**
	 * Makes handlers block beside each other, so that they are rescued, wait and are
	 * refused.
	 */
	private static void crowd(HttpClient client, HttpRequest request) {
		Stream.generate(() -> client.sendAsync(request, HttpResponse.BodyHandlers.discarding()))
			.limit(CROWD)
			.toList()
			.forEach(CompletableFuture::join);
	}

	private static HttpRequest request(String port, String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(TIMEOUT).build();
	}

}
