package dev.loopline.autoconfigure.clients;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import reactor.netty.http.HttpResources;
import reactor.netty.tcp.TcpResources;

/**
 * Before and after each test, Reactor Netty has made no resources of the JVM; and there
 * is a server that is none of Reactor Netty's.
 */
abstract class FreshGlobals {

	static final Duration PATIENCE = Duration.ofSeconds(20);

	HttpServer server;

	@BeforeEach
	void start() throws IOException {
		forgetGlobals();
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/", (exchange) -> {
			exchange.sendResponseHeaders(200, 2);
			exchange.getResponseBody().write(new byte[] { 'o', 'k' });
			exchange.close();
		});
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.server.stop(0);
		forgetGlobals();
	}

	private static void forgetGlobals() {
		HttpResources.disposeLoopsAndConnectionsLater(Duration.ZERO, PATIENCE).block(PATIENCE);
		TcpResources.disposeLoopsAndConnectionsLater(Duration.ZERO, PATIENCE).block(PATIENCE);
	}

}
