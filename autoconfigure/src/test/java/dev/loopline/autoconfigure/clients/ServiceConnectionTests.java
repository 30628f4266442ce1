package dev.loopline.autoconfigure.clients;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcConnectionDetails;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.testcontainers.containers.GenericContainer;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.support.RuntimeThreads;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that clients whose addresses come as connection details, as those of
 * Testcontainers and Docker Compose do, run on the runtime. Properties name ports where
 * nobody listens.
 */
class ServiceConnectionTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final RuntimeThreads threads = RuntimeThreads.withUniquePrefix();

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(NettyReactiveWebServerAutoConfiguration.class,
				ReactorNettyRuntimeAutoConfiguration.class, TaskRuntimeAutoConfiguration.class,
				ServiceConnectionAutoConfiguration.class))
		.withPropertyValues("loopline.workers=2", "spring.reactor.netty.shutdown-quiet-period=0",
				this.threads.property());

	private final ReactiveWebApplicationContextRunner withRedis = this.contextRunner
		.withConfiguration(AutoConfigurations.of(LettuceClientAutoConfiguration.class, DataRedisAutoConfiguration.class,
				DataRedisReactiveAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.client-type=lettuce", "spring.data.redis.host=127.0.0.1",
				"spring.data.redis.port=1", "spring.data.redis.timeout=20s");

	private static RedisStub redis;

	@BeforeEach
	void start() throws IOException {
		redis = new RedisStub();
	}

	@AfterEach
	void stop() throws IOException {
		redis.close();
	}

	@Test
	void redisOfConnectionDetailsIsOnStrands() {
		this.withRedis.withBean(DataRedisConnectionDetails.class, RedisDetails::new).run(this::callbackRunsOnRuntime);
	}

	@Test
	void redisOfContainerIsOnStrands() {
		this.withRedis.withUserConfiguration(Containers.class).run(this::callbackRunsOnRuntime);
	}

	private void callbackRunsOnRuntime(ApplicationContext context) {
		assertThat(context.getBean(ReactiveStringRedisTemplate.class)
			.opsForValue()
			.get("key")
			.map((value) -> Thread.currentThread().getName())
			.block(PATIENCE)).startsWith(this.threads.prefix());
		assertThat(redis.connections()).isOne();
	}

	@Test
	void databaseOfConnectionDetailsIsOnStrands() throws IOException {
		RuntimeThreads others = RuntimeThreads.withPrefix("reactor-tcp");
		try (ServerSocket database = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			R2dbcConnectionDetails details = () -> ConnectionFactoryOptions
				.parse("r2dbc:postgresql://somebody@127.0.0.1:" + database.getLocalPort() + "/none");
			this.contextRunner
				.withConfiguration(
						AutoConfigurations.of(R2dbcClientAutoConfiguration.class, R2dbcAutoConfiguration.class))
				.withPropertyValues("spring.r2dbc.url=r2dbc:postgresql://127.0.0.1:1/none",
						"spring.r2dbc.pool.enabled=false")
				.withBean(R2dbcConnectionDetails.class, () -> details)
				.run((context) -> {
					Disposable connecting = Mono.from(context.getBean(ConnectionFactory.class).create()).subscribe();
					try (Socket connection = database.accept()) {
						assertThat(connection.getInputStream().read()).isNotNegative();
						assertThat(this.threads.alive()).isNotEmpty();
						assertThat(others.alive()).isEmpty();
					}
					finally {
						connecting.dispose();
					}
				});
		}
	}

	private static final class RedisDetails implements DataRedisConnectionDetails {

		@Override
		public Standalone getStandalone() {
			return Standalone.of("127.0.0.1", redis.port());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Containers {

		@Bean
		@ServiceConnection("redis")
		RunningContainer redisContainer() {
			return new RunningContainer();
		}

	}

	/**
	 * A container that needs no Docker.
	 */
	static final class RunningContainer extends GenericContainer<RunningContainer> {

		RunningContainer() {
			super("redis:8");
		}

		@Override
		public void start() {
			// runs already
		}

		@Override
		public String getHost() {
			return "127.0.0.1";
		}

		@Override
		public Integer getMappedPort(int originalPort) {
			return redis.port();
		}

	}

}
