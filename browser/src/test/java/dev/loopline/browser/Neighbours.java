package dev.loopline.browser;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Connections that send request after request until they are closed.
 */
final class Neighbours implements AutoCloseable {

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private volatile boolean stopped;

	/**
	 * The mix that the table of the benchmarks is about, small enough to leave the
	 * browser some of the machine: most behave, some block, one computes.
	 */
	static Neighbours mixed(Demo demo) {
		return new Neighbours().add(4, demo.uri("/"))
			.add(4, demo.uri("/block?ms=100"))
			.add(1, demo.uri("/burn?ms=20"))
			.add(8, demo.uri("/sleep?ms=100"))
			.add(2, demo.uri("/fan-out"));
	}

	static Neighbours blocking(Demo demo) {
		return new Neighbours().add(4, demo.uri("/block?ms=100"));
	}

	private Neighbours add(int connections, URI uri) {
		HttpRequest request = HttpRequest.newBuilder(uri).build();
		for (int i = 0; i < connections; i++) {
			this.threads.execute(() -> send(request));
		}
		return this;
	}

	private void send(HttpRequest request) {
		try {
			while (!this.stopped) {
				this.client.send(request, HttpResponse.BodyHandlers.discarding());
			}
		}
		catch (IOException ex) {
			// The server was killed.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		this.stopped = true;
		this.threads.shutdown();
	}

}
