package acme;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * In a process that BlockHound watches.
 */
class BlockHoundTests {

	private int port;

	@Test
	void onlyCallsOfTheApplicationAreReported() throws Exception {
		ConfigurableApplicationContext context = SpringApplication.run(Application.class, "--server.port=0",
				"--loopline.web.blocking-routes=/thread");
		this.port = ((WebServerApplicationContext) context).getWebServer().getPort();
		for (int i = 0; i < 300; i++) {
			assertThat(get("/")).startsWith("HTTP/1.1 200 ");
		}
		for (int i = 0; i < 20; i++) {
			assertThat(get("/park")).startsWith("HTTP/1.1 500 ");
			assertThat(get("/job")).startsWith("HTTP/1.1 200 ").contains("done");
			assertThat(get("/task")).startsWith("HTTP/1.1 200 ").contains("42");
		}
		for (String path : List.of("health", "metrics", "loopline", "loopline/console", "loopline/console.js")) {
			assertThat(get("/actuator/" + path)).startsWith("HTTP/1.1 200 ");
		}
		context.close();
		assertThat(Thread.getAllStackTraces().keySet()).noneMatch((thread) -> thread.getName().startsWith("loopline"));
	}

	@Test
	void listedRouteMayBlock() throws Exception {
		try (ConfigurableApplicationContext context = SpringApplication.run(Application.class, "--server.port=0",
				"--loopline.web.blocking-routes=/park")) {
			this.port = ((WebServerApplicationContext) context).getWebServer().getPort();
			assertThat(get("/park")).startsWith("HTTP/1.1 200 ").contains("parked");
		}
	}

	@Test
	void blockHoundIsAwake() {
		Mono<String> sleeping = Mono.fromCallable(() -> {
			Thread.sleep(1);
			return "slept";
		}).subscribeOn(Schedulers.newParallel("stock"));
		assertThatThrownBy(sleeping::block).hasMessageContaining("Blocking call!");
	}

	/** On a connection of its own. */
	private String get(String path) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", this.port)) {
			socket.setSoTimeout(20_000);
			String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
			socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
		}
	}

}
