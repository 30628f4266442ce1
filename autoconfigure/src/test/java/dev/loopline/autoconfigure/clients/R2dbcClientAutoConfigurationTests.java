package dev.loopline.autoconfigure.clients;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.ConnectionFactoryOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.r2dbc.OptionsCapableConnectionFactory;
import org.springframework.boot.r2dbc.autoconfigure.ConnectionFactoryOptionsBuilderCustomizer;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpResources;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.support.RuntimeThreads;
import dev.loopline.runtime.TaskRuntime;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link R2dbcClientAutoConfiguration}.
 */
class R2dbcClientAutoConfigurationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(NettyReactiveWebServerAutoConfiguration.class,
				ReactorNettyRuntimeAutoConfiguration.class, TaskRuntimeAutoConfiguration.class,
				R2dbcClientAutoConfiguration.class, R2dbcAutoConfiguration.class))
		.withPropertyValues("loopline.workers=2", "spring.reactor.netty.shutdown-quiet-period=0",
				"spring.r2dbc.pool.enabled=false", "spring.r2dbc.url=r2dbc:postgresql://127.0.0.1:1/none",
				"spring.r2dbc.username=somebody");

	@ParameterizedTest
	@ValueSource(strings = { "pool:postgresql", "postgresql", "proxy:pool:mariadb", "mysql" })
	void driversOnReactorNettyGetTheLoops(String drivers) {
		assertThat(loopsFor(drivers + "://127.0.0.1:1/none")).isInstanceOf(ClientLoops.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "h2:mem:///testdb", "pool:oracle://127.0.0.1/none", "mssql://127.0.0.1/postgresql" })
	void otherDriversGetNothingThatTheyDoNotKnow(String url) {
		assertThat(loopsFor(url)).isNull();
	}

	private static @Nullable Object loopsFor(String url) {
		ConnectionFactoryOptions.Builder builder = ConnectionFactoryOptions.parse("r2dbc:" + url).mutate();
		new R2dbcLoopsCustomizer(new ClientLoops(() -> LoopResources.create("none"))).customize(builder);
		return builder.build().getValue(R2dbcLoopsCustomizer.LOOPS);
	}

	@Test
	void callsTheCustomizerOfTheUserLast() {
		LoopResources users = LoopResources.create("users");
		ConnectionFactoryOptionsBuilderCustomizer customizer = (builder) -> {
			assertThat(builder.build().getValue(R2dbcLoopsCustomizer.LOOPS)).isInstanceOf(ClientLoops.class);
			builder.option(R2dbcLoopsCustomizer.LOOPS, users);
		};
		this.contextRunner.withBean(ConnectionFactoryOptionsBuilderCustomizer.class, () -> customizer)
			.run((context) -> assertThat(optionOf(context)).isSameAs(users));
	}

	@Test
	void leavesAloneWhatIsSetAlready() {
		LoopResources users = LoopResources.create("users");
		ConnectionFactoryOptions.Builder builder = ConnectionFactoryOptions.parse("r2dbc:postgresql://127.0.0.1/none")
			.mutate()
			.option(R2dbcLoopsCustomizer.LOOPS, users);
		new R2dbcLoopsCustomizer(new ClientLoops(() -> LoopResources.create("none"))).customize(builder);
		assertThat(builder.build().getValue(R2dbcLoopsCustomizer.LOOPS)).isSameAs(users);
	}

	@Test
	void connectsAsStrand() throws IOException {
		RuntimeThreads threads = RuntimeThreads.withUniquePrefix();
		RuntimeThreads others = RuntimeThreads.withPrefix("reactor-tcp");
		try (ServerSocket database = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			this.contextRunner
				.withPropertyValues(threads.property(),
						"spring.r2dbc.url=r2dbc:postgresql://127.0.0.1:" + database.getLocalPort() + "/none")
				.run((context) -> {
					Disposable connecting = Mono.from(context.getBean(ConnectionFactory.class).create()).subscribe();
					try (Socket connection = database.accept()) {
						assertThat(connection.getInputStream().read()).isNotNegative();
						assertThat(threads.alive()).isNotEmpty();
						assertThat(others.alive()).isEmpty();
					}
					finally {
						connecting.dispose();
					}
				});
		}
		threads.awaitNone();
	}

	@Test
	void beansMayAskTheDatabaseUntilTheyAreDestroyed() throws Exception {
		RuntimeThreads threads = RuntimeThreads.withUniquePrefix();
		AtomicReference<Goodbye> goodbye = new AtomicReference<>();
		try (ServerSocket database = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			this.contextRunner.withUserConfiguration(Goodbye.class)
				.withPropertyValues(threads.property(),
						"spring.r2dbc.url=r2dbc:postgresql://localhost:" + database.getLocalPort() + "/none")
				.run((context) -> {
					goodbye.set(context.getBean(Goodbye.class));
					goodbye.get().database = database;
				});
		}
		assertThat(goodbye.get().connected).isTrue();
		threads.awaitNone();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void contextThatIsStoppedConnectsWithoutStrands(boolean pool) throws IOException {
		RuntimeThreads threads = RuntimeThreads.withUniquePrefix();
		try (ServerSocket database = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			this.contextRunner
				.withPropertyValues(threads.property(), "spring.r2dbc.pool.enabled=" + pool,
						"spring.r2dbc.pool.initial-size=1", "spring.r2dbc.pool.max-size=4",
						"spring.r2dbc.url=r2dbc:postgresql://localhost:" + database.getLocalPort() + "/none")
				.run((context) -> {
					context.getSourceApplicationContext().stop();
					assertThat(isConnected(context.getBean(ConnectionFactory.class), database)).isTrue();
					threads.awaitNone();
					context.getSourceApplicationContext().start();
					assertThat(isConnected(context.getBean(ConnectionFactory.class), database)).isTrue();
					assertThat(threads.alive()).isNotEmpty();
				});
		}
		finally {
			TcpResources.disposeLoopsAndConnectionsLater(Duration.ZERO, PATIENCE).block(PATIENCE);
		}
	}

	private static boolean isConnected(ConnectionFactory connections, ServerSocket database) throws IOException {
		Disposable connecting = Mono.from(connections.create()).subscribe((c) -> {
		}, Throwable::printStackTrace);
		database.setSoTimeout(10_000);
		try (Socket connection = database.accept()) {
			return connection.getInputStream().read() >= 0;
		}
		finally {
			connecting.dispose();
		}
	}

	@Test
	void closesPoolsWhileThereAreLoops() {
		AtomicReference<ClosingFactory> factory = new AtomicReference<>();
		this.contextRunner.withUserConfiguration(ClosingFactory.class).run((context) -> {
			factory.set(context.getBean(ClosingFactory.class));
			TaskRuntime runtime = context.getBean(TaskRuntime.class);
			factory.get().alive = () -> !runtime.isShuttingDown();
			ConfigurableApplicationContext application = context.getSourceApplicationContext();
			application.stop();
			assertThat(factory.get().closedAlive).isNull(); // it may be started again
			application.start();
		});
		assertThat(factory.get().closedAlive).isTrue();
	}

	@Test
	void propertyLeavesR2dbcAlone() {
		this.contextRunner.withPropertyValues("loopline.clients.r2dbc=false")
			.run((context) -> assertThat(optionOf(context)).isNull());
	}

	@Test
	void switchOfAllLeavesR2dbcAlone() {
		this.contextRunner.withPropertyValues("loopline.enabled=false")
			.run((context) -> assertThat(optionOf(context)).isNull());
	}

	@Test
	void backsOffWithoutR2dbc() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(ConnectionFactory.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(R2dbcClientAutoConfiguration.class));
	}

	private static @Nullable Object optionOf(ApplicationContext context) {
		return OptionsCapableConnectionFactory.unwrapFrom(context.getBean(ConnectionFactory.class))
			.getOptions()
			.getValue(R2dbcLoopsCustomizer.LOOPS);
	}

	/** Connects when it is destroyed. */
	static class Goodbye implements DisposableBean {

		private final ConnectionFactory connections;

		private @Nullable ServerSocket database;

		private boolean connected;

		Goodbye(ConnectionFactory connections) {
			this.connections = connections;
		}

		@Override
		public void destroy() throws IOException {
			this.connected = isConnected(this.connections, Objects.requireNonNull(this.database));
		}

	}

	/** Knows whether the runtime lived when it was closed. */
	static final class ClosingFactory implements ConnectionFactory, DisposableBean {

		private BooleanSupplier alive = () -> false;

		private @Nullable Boolean closedAlive;

		@Override
		public Publisher<? extends Connection> create() {
			return Mono.never();
		}

		@Override
		public ConnectionFactoryMetadata getMetadata() {
			return () -> "H2";
		}

		@Override
		public void destroy() {
			this.closedAlive = this.alive.getAsBoolean();
		}

	}

}
