package dev.loopline.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

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
			"/download?bytes=10000", "/proxy");

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
			HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
				.timeout(TIMEOUT)
				.build();
			client.send(request, HttpResponse.BodyHandlers.discarding());
		}
		logger.info("Trained with {} requests", this.requests);
		event.getApplicationContext().close();
	}

}
