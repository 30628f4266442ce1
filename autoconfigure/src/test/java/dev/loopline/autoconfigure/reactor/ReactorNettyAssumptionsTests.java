package dev.loopline.autoconfigure.reactor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.DefaultAddressResolverGroup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what Reactor Netty takes for granted of an event loop.
 */
class ReactorNettyAssumptionsTests {

	private static final int CHUNKS = 1_000;

	private static final String CHUNK = "0123456789abcdef".repeat(4);

	private static TestServer server;

	@BeforeAll
	static void startServer() {
		server = TestServer.start(App.class);
	}

	@AfterAll
	static void stopServer() {
		server.close();
		server.threads().awaitNone();
	}

	@Test
	void connectionsOpenedFromOneHandlerHaveALoopEach() {
		assertThat(server.get("/loops").body()).isEqualTo("3 connections, 3 loops");
	}

	@Test
	void defaultResolverForgetsLoopsOfClosedConnections() {
		assertForgetsLoops(DefaultAddressResolverGroup.INSTANCE, "127.0.0.1");
	}

	@Test
	void dnsResolverForgetsLoopsOfClosedConnections() {
		AddressResolverGroup<?> resolver = HttpClient.create().configuration().defaultAddressResolverGroup();
		assertForgetsLoops(resolver, "localhost");
	}

	@Test
	void responseEndsAfterItsBody() {
		List<CompletableFuture<HttpResponse<String>>> responses = IntStream.range(0, 50)
			.mapToObj((i) -> server.getAsync("/chunks"))
			.toList();
		assertThat(responses).allSatisfy((response) -> assertComplete(response.join().body()));
	}

	@Test
	void clientSeesBodyBeforeEnd() {
		HttpClient client = HttpClient.create(ConnectionProvider.create("bodies", 50))
			.runOn(server.resources().getLoopResources())
			.host("127.0.0.1")
			.port(server.port());
		List<String> bodies = Flux.range(0, 50)
			.flatMap((i) -> client.get().uri("/chunks").responseContent().aggregate().asString(), 50)
			.collectList()
			.block();
		assertThat(bodies).hasSize(50).allSatisfy(ReactorNettyAssumptionsTests::assertComplete);
	}

	@Test
	void connectionsThatComeAndGoAreAllServedAndAllClosed() throws Exception {
		AtomicInteger open = server.context().getBean(OpenConnections.class).count;
		int before = open.get();
		List<CompletableFuture<Void>> clients = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			clients.add(CompletableFuture.runAsync(ReactorNettyAssumptionsTests::comeAndGo));
		}
		clients.forEach(CompletableFuture::join);
		await().untilAsserted(() -> assertThat(open).hasValueLessThanOrEqualTo(before));
	}

	private static void comeAndGo() {
		for (int i = 0; i < 100; i++) {
			try {
				assertThat(TestServer.exchangeAndClose(server.port(), "/hello")).startsWith("HTTP/1.1 200")
					.endsWith("Hello");
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	private static void assertForgetsLoops(AddressResolverGroup<?> group, String host) {
		Map<?, ?> resolvers = (Map<?, ?>) ReflectionTestUtils.getField(group, AddressResolverGroup.class, "resolvers");
		HttpClient client = HttpClient.create(ConnectionProvider.newConnection())
			.runOn(server.resources().getLoopResources())
			.resolver(group)
			.host(host)
			.port(server.port());
		Set<EventLoop> loops = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
		Flux.range(0, 200)
			.flatMap((i) -> client.doOnConnected((connection) -> loops.add(connection.channel().eventLoop()))
				.get()
				.uri("/hello")
				.responseContent()
				.aggregate()
				.asString(), 20)
			.blockLast();
		assertThat(loops).hasSize(200);
		await().untilAsserted(() -> assertThat(resolvers).hasSizeLessThan(5));
	}

	private static void assertComplete(String body) {
		assertThat(body).hasSize(CHUNKS * CHUNK.length()).endsWith(CHUNK);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		@Bean
		OpenConnections openConnections() {
			return new OpenConnections();
		}

		@Bean
		NettyServerCustomizer countConnections(OpenConnections open) {
			return (server) -> server.doOnConnection((connection) -> {
				open.count.incrementAndGet();
				connection.channel().closeFuture().addListener((closed) -> open.count.decrementAndGet());
			});
		}

		@Bean
		RouterFunction<ServerResponse> routes() {
			return RouterFunctions.route()
				.GET("/hello", (request) -> ServerResponse.ok().bodyValue("Hello"))
				.GET("/chunks", (request) -> ServerResponse.ok().body(BodyInserters.fromDataBuffers(chunks())))
				.GET("/loops", (request) -> loops().flatMap((loops) -> ServerResponse.ok().bodyValue(loops)))
				.build();
		}

		/**
		 * Written by another thread than the connection's.
		 */
		private static Flux<DataBuffer> chunks() {
			byte[] chunk = CHUNK.getBytes(StandardCharsets.US_ASCII);
			return Flux.range(0, CHUNKS)
				.map((i) -> (DataBuffer) DefaultDataBufferFactory.sharedInstance.wrap(chunk))
				.subscribeOn(Schedulers.parallel());
		}

		private static Mono<String> loops() {
			HttpClient client = HttpClient.create(ConnectionProvider.newConnection())
				.runOn(server.resources().getLoopResources())
				.host("127.0.0.1")
				.port(server.port());
			Set<EventLoop> loops = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
			AtomicInteger connections = new AtomicInteger();
			return Flux.range(0, 3).flatMap((i) -> client.doOnConnected((connection) -> {
				connections.incrementAndGet();
				loops.add(connection.channel().eventLoop());
			}).get().uri("/hello").response())
				.then(Mono.fromSupplier(() -> connections + " connections, " + loops.size() + " loops"));
		}

	}

	static class OpenConnections {

		private final AtomicInteger count = new AtomicInteger();

	}

}
