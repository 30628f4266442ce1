package dev.loopline.autoconfigure.clients;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.Wrapped;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.TaskRuntime;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ContinuingConnectionPools}.
 */
class ContinuingConnectionPoolsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final Driver driver = new Driver();

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(NettyReactiveWebServerAutoConfiguration.class,
				ReactorNettyRuntimeAutoConfiguration.class, TaskRuntimeAutoConfiguration.class,
				R2dbcClientAutoConfiguration.class))
		.withPropertyValues("loopline.workers=2", "spring.reactor.netty.shutdown-quiet-period=0")
		.withBean(ConnectionPool.class, () -> new ConnectionPool(
				ConnectionPoolConfiguration.builder(this.driver).initialSize(0).maxSize(1).build()));

	@Test
	void connectionInAProxyGoesOnWithTheWorkOfWhoeverAskedToo() {
		this.driver.hidden = true;
		this.contextRunner.run((context) -> {
			this.driver.strand.set(context.getBean(TaskRuntime.class).newStrand());
			for (String work : List.of("GET /one", "GET /two")) {
				assertThat(ask(context, work).join()).endsWith("then " + work + " on another one");
				assertThat(routeOfConnection()).isEqualTo(work);
			}
			route(context).block(PATIENCE);
			assertThat(routeOfConnection()).isEqualTo("of nothing");
		});
	}

	private String routeOfConnection() {
		CompletableFuture<String> route = new CompletableFuture<>();
		this.driver.strand.get().execute(() -> route.complete(SomeWork.routeOfCaller()));
		return route.join();
	}

	@Test
	void connectionGoesOnWithTheWorkOfWhoeverAskedAndIsLeftWhenItIsGivenBack() {
		this.contextRunner.run((context) -> {
			TaskRuntime runtime = context.getBean(TaskRuntime.class);
			this.driver.strand.set(runtime.newStrand());
			List<CompletableFuture<String>> answers = IntStream.range(0, 8)
				.mapToObj((i) -> ask(context, "GET /" + i))
				.toList();
			for (int i = 0; i < answers.size(); i++) {
				assertThat(answers.get(i).join())
					.isEqualTo("GET /%d on the connection's strand, then GET /%<d on another one", i);
			}
			assertThat(route(context).block(PATIENCE)).as("whoever works for nothing")
				.startsWith("of nothing on the connection's strand");
		});
	}

	@Test
	void poolIsOneStill() {
		this.contextRunner.run((context) -> {
			this.driver.strand.set(context.getBean(TaskRuntime.class).newStrand());
			ConnectionPool pool = context.getBean(ConnectionPool.class);
			assertThat(context.getBean(ConnectionFactory.class)).isSameAs(pool);
			assertThat(pool.unwrap()).isSameAs(this.driver);
			assertThat(pool.getMetrics()).isPresent();
			assertThat(pool).hasToString("ConnectionPool[nothing]");
			Connection connection = pool.create().block(PATIENCE);
			assertThat(((Wrapped<?>) connection).unwrap(Physical.class)).isInstanceOf(Physical.class);
			assertThat(((Wrapped<?>) connection).unwrap()).isInstanceOf(Physical.class);
			assertThat(((Wrapped<?>) connection).unwrap(Connection.class)).isSameAs(connection);
			assertThat(connection).hasToString("PooledConnection[Physical]");
			Mono.from(connection.close()).block(PATIENCE);
			assertThat(pool.getMetrics().orElseThrow().acquiredSize()).isZero();
			pool.disposeLater().block(PATIENCE);
			assertThat(this.driver.closed).isTrue();
		});
	}

	@Test
	void driverThatDoesNotSayWhereItRunsIsLeftAlone() {
		this.contextRunner.run((context) -> {
			route(context).block(PATIENCE); // there is a connection from now on
			CompletableFuture<String> answer = new CompletableFuture<>();
			new SomeWork("GET /asked").run(context.getBean(TaskRuntime.class),
					() -> context.getBean(ConnectionPool.class)
						.create()
						.map((connection) -> connection.getClass().getSimpleName() + " " + SomeWork.routeOfCaller())
						.subscribe(answer::complete, answer::completeExceptionally));
			assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("PooledConnection GET /asked");
		});
	}

	private CompletableFuture<String> ask(ApplicationContext context, String work) {
		CompletableFuture<String> route = new CompletableFuture<String>().orTimeout(20, TimeUnit.SECONDS);
		new SomeWork(work).run(context.getBean(TaskRuntime.class),
				() -> route(context).subscribe(route::complete, route::completeExceptionally));
		return route;
	}

	private Mono<String> route(ApplicationContext context) {
		return context.getBean(ConnectionPool.class).create().flatMap((connection) -> {
			String during = describe();
			return Mono.from(connection.close()).then(Mono.fromSupplier(() -> during + ", then " + describe()));
		});
	}

	private String describe() {
		return SomeWork.routeOfCaller()
				+ ((Strand.current() != this.driver.strand.get()) ? " on another one" : " on the connection's strand");
	}

	/**
	 * A connection to nothing.
	 */
	private interface Physical extends Connection, Wrapped<Object> {

	}

	/**
	 * A driver that says on which strand its connections run, if on any.
	 */
	private static final class Driver implements ConnectionFactory {

		private final AtomicReference<@Nullable Strand> strand = new AtomicReference<>();

		private volatile boolean closed;

		private volatile boolean hidden;

		@Override
		public Publisher<? extends Connection> create() {
			return Mono.fromSupplier(() -> this.hidden ? connection(connection(null)) : connection(null));
		}

		private Connection connection(@Nullable Connection inner) {
			return (Connection) Proxy.newProxyInstance(Physical.class.getClassLoader(),
					new Class<?>[] { Physical.class }, (proxy, method, arguments) -> switch (method.getName()) {
						case "unwrap" -> (arguments == null || inner != null) ? inner(inner, arguments)
								: unwrap(proxy, (Class<?>) arguments[0]);
						case "validate" -> Mono.just(true);
						case "isAutoCommit" -> true;
						case "close" -> Mono.fromRunnable(() -> this.closed = true);
						case "equals" -> proxy == arguments[0];
						case "hashCode" -> System.identityHashCode(proxy);
						case "toString" -> "Physical";
						default -> throw new UnsupportedOperationException(method.getName());
					});
		}

		private static @Nullable Object inner(@Nullable Connection inner, Object @Nullable [] arguments) {
			return (arguments != null) ? null : inner;
		}

		private @Nullable Object unwrap(Object connection, Class<?> type) {
			Strand strand = this.strand.get();
			if (type == Scheduler.class) {
				return (strand != null) ? Schedulers.fromExecutor(strand) : null;
			}
			return type.isInstance(connection) ? connection : null;
		}

		@Override
		public ConnectionFactoryMetadata getMetadata() {
			return () -> "nothing";
		}

	}

}
