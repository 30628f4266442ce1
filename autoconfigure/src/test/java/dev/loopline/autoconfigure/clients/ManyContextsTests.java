package dev.loopline.autoconfigure.clients;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.function.Function;

import io.r2dbc.spi.ConnectionFactoryOptions;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.support.RuntimeThreads;
import dev.loopline.runtime.TaskRuntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for clients of a JVM that has several application contexts, one after the other
 * or at a time.
 */
class ManyContextsTests extends FreshGlobals {

	private final RuntimeThreads threads = RuntimeThreads.withUniquePrefix();

	private final RuntimeThreads others = RuntimeThreads.withUniquePrefix();

	@Test
	void clientsThatAreKeptGoOnWithTheLoopsOfWhoLives() {
		TcpClient older = tcpClient();
		HttpClient http = HttpClient.create();
		assertThat(threadOf(older)).startsWith("reactor-tcp-");
		try (ConfigurableApplicationContext first = start(this.threads)) {
			TcpClient client = tcpClient();
			assertThat(threadOf(http)).startsWith(this.threads.prefix());
			assertThat(threadOf(older)).startsWith(this.threads.prefix());
			assertThat(threadOf(client)).startsWith(this.threads.prefix());
			try (ConfigurableApplicationContext second = start(this.others)) {
				first.close();
				assertThat(threadOf(http)).startsWith(this.others.prefix());
				assertThat(threadOf(older)).startsWith(this.others.prefix());
				assertThat(threadOf(client)).startsWith(this.others.prefix());
			}
			assertThat(threadOf(http)).startsWith("reactor-http-");
			assertThat(threadOf(older)).startsWith("reactor-tcp-");
			assertThat(threadOf(client)).startsWith("reactor-tcp-");
		}
		this.threads.awaitNone();
		this.others.awaitNone();
	}

	@Test
	void clientsThatAreKeptSurviveSixRestarts() {
		try (ConfigurableApplicationContext context = start(this.threads)) {
			TcpClient client = tcpClient();
			HttpClient http = HttpClient.create();
			TcpClient driver = tcpClient().runOn(driversLoops(context));
			for (int i = 0; i < 6; i++) {
				assertThat(threadOf(http)).startsWith(this.threads.prefix());
				assertThat(threadOf(client)).startsWith(this.threads.prefix());
				assertThat(threadOf(driver)).startsWith(this.threads.prefix());
				context.stop();
				assertThat(threadOf(http)).startsWith("reactor-http-");
				assertThat(threadOf(client)).startsWith("reactor-tcp-");
				context.start();
			}
		}
		this.threads.awaitNone();
	}

	@Test
	void endOfStockContextLeavesClientsOnStrands() {
		ReactorResourceFactory older = stockResources();
		try (ConfigurableApplicationContext context = start(this.threads)) {
			HttpClient http = HttpClient.create();
			assertThat(threadOf(http)).startsWith(this.threads.prefix());
			older.stop();
			assertThat(threadOf(http)).startsWith(this.threads.prefix());
			ReactorResourceFactory younger = stockResources();
			assertThat(threadOf(http)).startsWith(this.threads.prefix());
			younger.stop();
			assertThat(threadOf(http)).startsWith(this.threads.prefix());
			assertThat(context.isActive()).isTrue();
		}
		assertThat(threadOf(HttpClient.create())).startsWith("reactor-http-");
		this.threads.awaitNone();
	}

	@Test
	void clientOfStockContextOutlivesTheLoops() {
		WebClient client;
		try (ConfigurableApplicationContext context = start(this.threads)) {
			assertThat(context.isActive()).isTrue();
			client = WebClient.builder()
				.clientConnector(new ReactorClientHttpConnector(stockResources(), Function.identity()))
				.build();
			assertThat(threadOf(client)).startsWith(this.threads.prefix());
		}
		assertThat(threadOf(client)).startsWith("reactor-http-");
	}

	private static ReactorResourceFactory stockResources() {
		ReactorResourceFactory stock = new ReactorResourceFactory();
		stock.setShutdownQuietPeriod(Duration.ZERO);
		stock.start();
		return stock;
	}

	@Test
	void runtimeHasItsPropertiesThoughSomebodyConnectsBefore() {
		try (ConfigurableApplicationContext context = start(this.threads, EarlyCaller.class,
				"caller.port=" + this.server.getAddress().getPort())) {
			assertThat(context.getBean(TaskRuntime.class).config().workers()).isEqualTo(2);
			assertThat(threadOf(HttpClient.create())).startsWith(this.threads.prefix());
		}
	}

	@Test
	void nothingKeepsAContextThatHasEnded() {
		WeakReference<ConfigurableApplicationContext> ended = useAndEnd();
		await().atMost(PATIENCE).until(() -> {
			System.gc();
			return ended.get() == null;
		});
	}

	private WeakReference<ConfigurableApplicationContext> useAndEnd() {
		try (ConfigurableApplicationContext context = start(this.threads)) {
			assertThat(threadOf(HttpClient.create())).startsWith(this.threads.prefix());
			assertThat(threadOf(tcpClient().runOn(driversLoops(context)))).startsWith(this.threads.prefix());
			ReactorResourceFactory resources = context.getBean(ReactorResourceFactory.class);
			assertThat(
					threadOf(HttpClient.create(resources.getConnectionProvider()).runOn(resources.getLoopResources())))
				.startsWith(this.threads.prefix());
			return new WeakReference<>(context);
		}
	}

	/** As a driver gets them. */
	private static LoopResources driversLoops(ConfigurableApplicationContext context) {
		ConnectionFactoryOptions.Builder options = ConnectionFactoryOptions.parse("r2dbc:postgresql://localhost/none")
			.mutate();
		new R2dbcLoopsCustomizer(context.getBean(ClientLoops.class)).customize(options);
		return (LoopResources) options.build().getRequiredValue(R2dbcLoopsCustomizer.LOOPS);
	}

	private static ConfigurableApplicationContext start(RuntimeThreads threads) {
		return start(threads, Application.class);
	}

	private static ConfigurableApplicationContext start(RuntimeThreads threads, Class<?> application,
			String... properties) {
		return new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
			.properties("spring.main.banner-mode=off", "loopline.workers=2",
					"spring.reactor.netty.shutdown-quiet-period=0", threads.property())
			.properties(properties)
			.registerShutdownHook(false)
			.run();
	}

	private TcpClient tcpClient() {
		return TcpClient.create().host("localhost").port(this.server.getAddress().getPort());
	}

	private String threadOf(HttpClient client) {
		return client.get()
			.uri("http://localhost:" + this.server.getAddress().getPort())
			.responseSingle((response, body) -> Mono.fromSupplier(() -> Thread.currentThread().getName()))
			.block(PATIENCE);
	}

	private String threadOf(WebClient client) {
		return client.get()
			.uri("http://localhost:" + this.server.getAddress().getPort())
			.retrieve()
			.bodyToMono(String.class)
			.map((body) -> Thread.currentThread().getName())
			.block(PATIENCE);
	}

	private static String threadOf(TcpClient client) {
		Connection connection = client.connectNow(PATIENCE);
		try {
			return Mono
				.<String>create((sink) -> connection.channel()
					.eventLoop()
					.execute(() -> sink.success(Thread.currentThread().getName())))
				.block(PATIENCE);
		}
		finally {
			connection.disposeNow(PATIENCE);
		}
	}

	@ImportAutoConfiguration({ ReactorNettyRuntimeAutoConfiguration.class, TaskRuntimeAutoConfiguration.class,
			ReactorNettyGlobalsAutoConfiguration.class })
	static class Application {

	}

	@ImportAutoConfiguration({ ReactorNettyRuntimeAutoConfiguration.class, TaskRuntimeAutoConfiguration.class,
			ReactorNettyGlobalsAutoConfiguration.class, CallerAutoConfiguration.class })
	static class EarlyCaller {

	}

	@AutoConfiguration(after = ReactorNettyGlobalsAutoConfiguration.class)
	static class CallerAutoConfiguration {

		@Bean
		static BeanFactoryPostProcessor caller(Environment environment) {
			return (factory) -> HttpClient.create()
				.get()
				.uri("http://localhost:" + environment.getProperty("caller.port"))
				.response()
				.block(PATIENCE);
		}

	}

}
