package dev.loopline.autoconfigure.clients;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentMatchers;
import org.mockito.Mockito;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.netty.ConnectionObserver;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ContinuingConnections;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.StrandResourceFactory;
import dev.loopline.runtime.TaskRuntime;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ContinuingConnections}.
 */
class ContinuingConnectionsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(NettyReactiveWebServerAutoConfiguration.class,
				ReactorNettyRuntimeAutoConfiguration.class, TaskRuntimeAutoConfiguration.class,
				ReactorNettyGlobalsAutoConfiguration.class))
		.withPropertyValues("loopline.workers=2", "spring.reactor.netty.shutdown-quiet-period=0");

	private HttpPeer peer;

	@BeforeEach
	void start() throws IOException {
		this.peer = new HttpPeer();
	}

	@AfterEach
	void stop() {
		this.peer.close();
	}

	@Test
	void connectionGoesOnWithTheWorkOfWhoeverAskedWhoMayHaveWaitedForIt() {
		this.contextRunner.run((context) -> {
			ConnectionProvider one = ConnectionProvider.builder("one")
				.maxConnections(1)
				.pendingAcquireMaxCount(8)
				.build();
			askInTurns(context, HttpClient.create(new ContinuingConnections(one))
				.runOn(context.getBean(StrandResourceFactory.class).getLoopResources()));
		});
	}

	@Test
	void soDoThoseOfAClientThatIsABean() {
		AtomicInteger connects = new AtomicInteger();
		ConnectionProvider one = ConnectionProvider.builder("one").maxConnections(1).pendingAcquireMaxCount(8).build();
		HttpClient client = HttpClient.create(one)
			.mapConnect((connection) -> connection.doFirst(connects::incrementAndGet))
			.doOnRequest((request, connection) -> request.header("asked", "once"));
		this.contextRunner.withBean("client", HttpClient.class, () -> client).run((context) -> {
			HttpClient bean = context.getBean(HttpClient.class);
			askInTurns(context, bean);
			assertThat(connects).hasValue(10);
			assertThat(bean.configuration().connectionProvider()).isSameAs(one);
		});
	}

	@Test
	void mocksStay() {
		HttpClient mock = Mockito.mock(HttpClient.class);
		this.contextRunner.withBean("client", HttpClient.class, () -> mock)
			.run((context) -> assertThat(context.getBean(HttpClient.class)).isSameAs(mock));
	}

	@Test
	void spiesStay() {
		this.contextRunner.withBean("client", HttpClient.class, HttpClient::create)
			.withBean(ContinuingWebClientsTests.Spying.class)
			.run((context) -> {
				context.getBean(HttpClient.class).headers((headers) -> {
				});
				Mockito.verify(context.getBean(HttpClient.class)).headers(ArgumentMatchers.any());
			});
	}

	private void askInTurns(ApplicationContext context, HttpClient client) {
		List<CompletableFuture<String>> answers = IntStream.range(0, 8)
			.mapToObj((i) -> ask(context, "GET /" + i, client))
			.toList();
		for (int i = 0; i < answers.size(); i++) {
			assertThat(answers.get(i).join()).isEqualTo("GET /" + i);
		}
		assertThat(route(client).block(PATIENCE)).as("whoever works for nothing").isEqualTo("of nothing");
		assertThat(ask(context, "GET /again", client).join()).isEqualTo("GET /again");
	}

	@Test
	void soDoThoseOfTheJvmAndOfTheApplicationsContext() {
		this.contextRunner.run((context) -> {
			StrandResourceFactory factory = context.getBean(StrandResourceFactory.class);
			HttpClient own = HttpClient.create(factory.getConnectionProvider()).runOn(factory.getLoopResources());
			for (HttpClient client : List.of(HttpClient.create(), own)) {
				assertThat(ask(context, "GET /one", client).join()).isEqualTo("GET /one");
				assertThat(ask(context, "GET /two", client).join()).isEqualTo("GET /two");
			}
			CompletableFuture<String> answer = new CompletableFuture<>();
			new SomeWork("GET /three").run(context.getBean(TaskRuntime.class),
					() -> WebClient.create(this.peer.url())
						.get()
						.retrieve()
						.bodyToMono(String.class)
						.map((body) -> SomeWork.routeOfCaller())
						.subscribe(answer::complete, answer::completeExceptionally));
			assertThat(answer.join()).isEqualTo("GET /three");
		});
	}

	@Test
	void connectionsThatManyShareStayAsTheyAre() {
		AtomicReference<ConnectionObserver> seen = new AtomicReference<>();
		ConnectionProvider connections = (config, observer, remote, resolver) -> {
			seen.set(observer);
			return Mono.empty();
		};
		ConnectionObserver observer = ConnectionObserver.emptyListener();
		HttpClient client = HttpClient.create();
		new ContinuingConnections(connections)
			.acquire(client.protocol(HttpProtocol.H2C, HttpProtocol.HTTP11).configuration(), observer, null, null)
			.block(PATIENCE);
		assertThat(seen).hasValue(observer);
		new ContinuingConnections(connections).acquire(client.configuration(), observer, null, null).block(PATIENCE);
		assertThat(seen.get()).isNotSameAs(observer);
	}

	@Test
	void isWhatItContains() {
		ConnectionProvider connections = ConnectionProvider.create("contained", 3);
		ContinuingConnections continuing = new ContinuingConnections(connections);
		assertThat(continuing.name()).isEqualTo("contained");
		assertThat(continuing.maxConnections()).isEqualTo(3);
		assertThat(continuing.mutate()).isNotNull();
		assertThat(continuing.maxConnectionsPerHost()).isEqualTo(connections.maxConnectionsPerHost());
	}

	private CompletableFuture<String> ask(ApplicationContext context, String work, HttpClient client) {
		CompletableFuture<String> route = new CompletableFuture<String>().orTimeout(20, TimeUnit.SECONDS);
		new SomeWork(work).run(context.getBean(TaskRuntime.class),
				() -> route(client).subscribe(route::complete, route::completeExceptionally));
		return route;
	}

	private Mono<String> route(HttpClient client) {
		return client.get()
			.uri(this.peer.url() + "/any")
			.responseSingle((response, body) -> body.asString().map((text) -> SomeWork.routeOfCaller()));
	}

}
