package dev.loopline.autoconfigure.clients;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A server that says what Redis would to a client that asks for values: every key is its
 * own value, and a list of a thousand elements.
 */
final class RedisStub implements AutoCloseable {

	private static final String HELLO = "%3\r\n+server\r\n+redis\r\n+version\r\n+7.0.0\r\n+proto\r\n:3\r\n";

	private final ServerSocket server;

	private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

	RedisStub() throws IOException {
		this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		start(this::accept);
	}

	int port() {
		return this.server.getLocalPort();
	}

	private static void start(Runnable body) {
		Thread thread = new Thread(body, "redis-stub");
		thread.setDaemon(true);
		thread.start();
	}

	private void accept() {
		try {
			while (true) {
				Socket connection = this.server.accept();
				this.connections.add(connection);
				start(() -> serve(connection));
			}
		}
		catch (IOException ex) {
			// closed
		}
	}

	private void serve(Socket connection) {
		try (connection) {
			BufferedReader in = new BufferedReader(
					new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
			OutputStream out = connection.getOutputStream();
			for (String line = in.readLine(); line != null; line = in.readLine()) {
				String[] words = new String[Integer.parseInt(line.substring(1))];
				for (int i = 0; i < words.length; i++) {
					in.readLine();
					words[i] = in.readLine();
				}
				out.write(answer(words).getBytes(StandardCharsets.UTF_8));
				out.flush();
			}
		}
		catch (IOException ex) {
			// closed
		}
		finally {
			this.connections.remove(connection);
		}
	}

	private static String answer(String[] words) {
		return switch (words[0].toUpperCase(Locale.ROOT)) {
			case "HELLO" -> HELLO;
			case "PING" -> "+PONG\r\n";
			case "GET" -> bulk(words[1]);
			case "LRANGE" -> list();
			default -> "+OK\r\n";
		};
	}

	private static String bulk(String value) {
		return "$" + value.length() + "\r\n" + value + "\r\n";
	}

	private static String list() {
		StringBuilder list = new StringBuilder("*1000\r\n");
		for (int i = 0; i < 1000; i++) {
			list.append(bulk("" + i));
		}
		return list.toString();
	}

	void dropConnections() {
		this.connections.forEach(RedisStub::close);
	}

	int connections() {
		return this.connections.size();
	}

	private static void close(Socket connection) {
		try {
			connection.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		dropConnections();
	}

}
