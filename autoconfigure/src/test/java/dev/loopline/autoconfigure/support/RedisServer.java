package dev.loopline.autoconfigure.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

import org.junit.jupiter.api.Assumptions;

import static org.awaitility.Awaitility.await;

/**
 * A Redis of its own, on a port of its own, if {@code redis-server} is installed.
 */
public final class RedisServer implements AutoCloseable {

	private final Path folder;

	private final int port;

	private Process process;

	private RedisServer(Path folder, int port) {
		this.folder = folder;
		this.port = port;
	}

	/**
	 * Starts one, or ends the test.
	 * @param folder for its files
	 */
	public static RedisServer start(Path folder) throws IOException {
		boolean installed = Arrays.stream(System.getenv("PATH").split(":"))
			.anyMatch((path) -> Files.isExecutable(Path.of(path, "redis-server")));
		Assumptions.assumeTrue(installed, "redis-server is installed");
		int port;
		try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = free.getLocalPort();
		}
		RedisServer server = new RedisServer(folder, port);
		server.start();
		return server;
	}

	/**
	 * Starts it again, with nothing in it.
	 */
	public void start() throws IOException {
		this.process = new ProcessBuilder("redis-server", "--bind", "127.0.0.1", "--port", "" + this.port, "--save", "",
				"--dir", this.folder.toString())
			.redirectOutput(this.folder.resolve("redis.log").toFile())
			.redirectErrorStream(true)
			.start();
		await().atMost(Duration.ofSeconds(30)).until(() -> TestServer.acceptsConnections(this.port));
	}

	/**
	 * Ends it at once.
	 */
	public void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

	public int port() {
		return this.port;
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
