package dev.loopline.browser;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.awaitility.Awaitility;

/**
 * The demo application in a process of its own, on one port for all its lives.
 */
final class Demo implements AutoCloseable {

	private static final File JAR = new File("../demo-app/target/loopline-demo-app.jar");

	private static final File LOG = new File("target/demo.log");

	private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

	private final String prefix;

	private final List<String> arguments;

	private final int port;

	private Process process;

	Demo() throws IOException {
		this("");
	}

	/**
	 * Starts the demo.
	 * @param prefix what all paths begin with
	 * @param arguments more arguments
	 */
	Demo(String prefix, String... arguments) throws IOException {
		this.prefix = prefix;
		this.arguments = List.of(arguments);
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			this.port = socket.getLocalPort();
		}
		start();
	}

	void start() throws IOException {
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		List<String> command = new ArrayList<>(List.of(java, "-Xmx256m", "-jar", JAR.getPath(),
				"--server.port=" + this.port, "--spring.webflux.base-path=" + this.prefix,
				"--loopline.web.limits.uploads.paths=/upload", "--loopline.web.limits.uploads.max-concurrent=3",
				"--loopline.web.limits.sleepers.paths=/sleep", "--loopline.web.limits.sleepers.timeout=50ms"));
		command.addAll(this.arguments);
		this.process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(LOG))
			.start();
		Awaitility.await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() -> get("/") == 200);
	}

	/**
	 * Ends the process at once, as a crash would.
	 */
	void kill() {
		this.process.destroyForcibly().onExit().join();
	}

	/**
	 * Asks the process to end, as Kubernetes does.
	 */
	CompletableFuture<?> terminate() {
		this.process.destroy();
		return this.process.onExit();
	}

	/**
	 * Stops the process where it is; its connections stay.
	 */
	void freeze() throws IOException, InterruptedException {
		signal("STOP");
	}

	void thaw() throws IOException, InterruptedException {
		signal("CONT");
	}

	private void signal(String name) throws IOException, InterruptedException {
		new ProcessBuilder("kill", "-" + name, String.valueOf(this.process.pid())).inheritIO().start().waitFor();
	}

	int get(String path) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(30)).build();
		return this.client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
	}

	URI uri(String path) {
		return URI.create("http://127.0.0.1:" + this.port + this.prefix + path);
	}

	@Override
	public void close() {
		kill();
	}

}
