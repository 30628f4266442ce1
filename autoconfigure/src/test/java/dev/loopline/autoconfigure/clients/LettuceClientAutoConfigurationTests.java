package dev.loopline.autoconfigure.clients;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.lettuce.core.RedisClient;
import io.lettuce.core.resource.ClientResources;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ContinuedWork;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.support.RuntimeThreads;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.stall.WorkDescription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link LettuceClientAutoConfiguration}.
 */
class LettuceClientAutoConfigurationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final RuntimeThreads threads = RuntimeThreads.withUniquePrefix();

	private RedisStub redis;

	private ReactiveWebApplicationContextRunner contextRunner;

	@BeforeEach
	void start() throws IOException {
		this.redis = new RedisStub();
		this.contextRunner = new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(NettyReactiveWebServerAutoConfiguration.class,
					ReactorNettyRuntimeAutoConfiguration.class, TaskRuntimeAutoConfiguration.class,
					LettuceClientAutoConfiguration.class, DataRedisAutoConfiguration.class,
					DataRedisReactiveAutoConfiguration.class))
			.withPropertyValues("loopline.workers=2", "spring.reactor.netty.shutdown-quiet-period=0",
					"spring.data.redis.client-type=lettuce", "spring.data.redis.host=127.0.0.1",
					"spring.data.redis.port=" + this.redis.port(), "spring.data.redis.timeout=20s",
					this.threads.property());
	}

	@AfterEach
	void stop() throws IOException {
		this.redis.close();
	}

	@Test
	void callbacksRunAsStrandsAndNoThreadIsLettuces() {
		this.contextRunner.run((context) -> {
			assertThat(threadOf(context)).startsWith(this.threads.prefix());
			assertThat(RuntimeThreads.withPrefix("lettuce-").alive())
				.noneMatch((name) -> name.contains("Loop") || name.contains("eventExecutor"));
		});
		this.threads.awaitNone();
	}

	@Test
	void callbackThatBlocksHoldsUpNobodyElseOnTheConnection() {
		this.contextRunner.withPropertyValues("loopline.stall.threshold=5ms").run((context) -> {
			CountDownLatch others = new CountDownLatch(64);
			Mono<String> blocked = get(context, "blocked").doOnNext((value) -> awaitUninterruptibly(others));
			CountDownLatch done = new CountDownLatch(1);
			blocked.subscribe((value) -> done.countDown());
			Flux.range(0, 64)
				.concatMap((i) -> get(context, "other" + i))
				.doOnNext((value) -> others.countDown())
				.blockLast(PATIENCE);
			awaitUninterruptibly(done);
			assertThat(this.redis.connections()).isOne();
		});
	}

	@Test
	void callbackRunsOnStrandOfTheWorkThatAsked() {
		this.contextRunner.run((context) -> {
			assertThat(get(context, "one").block(PATIENCE)).isEqualTo("one");
			TaskRuntime runtime = context.getBean(TaskRuntime.class);
			Strand asking = runtime.newStrand();
			Strand going = runtime.newStrand();
			StrandInstrumentation.setContext(asking, new Work(going));
			CompletableFuture<Boolean> same = new CompletableFuture<>();
			asking.execute(() -> get(context, "two").subscribe((value) -> same.complete(going.isCurrent())));
			assertThat(same.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
		});
	}

	@Test
	void elementsOfSubscriptionComeInOrderAsTheyAreAskedFor() {
		this.contextRunner.run((context) -> StepVerifier
			.create(template(context).opsForList().range("list", 0, -1).map(Integer::valueOf), 0)
			.thenRequest(10)
			.expectNextSequence(IntStream.range(0, 10).boxed().toList())
			.thenRequest(Long.MAX_VALUE)
			.expectNextSequence(IntStream.range(10, 1000).boxed().toList())
			.expectComplete()
			.verify(PATIENCE));
	}

	@Test
	void cancelledSubscriptionHearsNoMore() {
		this.contextRunner.run((context) -> {
			List<String> some = template(context).opsForList()
				.range("list", 0, -1)
				.take(3)
				.collectList()
				.block(PATIENCE);
			assertThat(some).containsExactly("0", "1", "2");
			assertThat(get(context, "next").block(PATIENCE)).isEqualTo("next");
		});
	}

	@Test
	void connectionComesBackWhenItWasLost() {
		this.contextRunner.run((context) -> {
			assertThat(get(context, "one").block(PATIENCE)).isEqualTo("one");
			this.redis.dropConnections();
			await().ignoreExceptions()
				.untilAsserted(() -> assertThat(threadOf(context)).startsWith(this.threads.prefix()));
		});
		this.threads.awaitNone();
	}

	@Test
	void contextThatIsStartedAgainHasLoopsOfItsNewLife() {
		this.contextRunner.run((context) -> {
			ConfigurableApplicationContext application = context.getSourceApplicationContext();
			for (int i = 0; i < 6; i++) {
				assertThat(threadOf(context)).startsWith(this.threads.prefix());
				application.stop();
				await().untilAsserted(() -> assertThat(this.redis.connections()).isZero());
				application.start();
			}
			assertThat(threadOf(context)).startsWith(this.threads.prefix());
		});
		this.threads.awaitNone();
	}

	@Test
	void optionsOfTheUserWin() {
		this.contextRunner
			.withBean(LettuceClientOptionsBuilderCustomizer.class, () -> (options) -> options.publishOnScheduler(false))
			.run((context) -> assertThat(
					context.getBean(LettuceConnectionFactory.class).getClientConfiguration().getClientOptions())
				.hasValueSatisfying((options) -> assertThat(options.isPublishOnScheduler()).isFalse()));
	}

	@Test
	void resourcesOfTheUserStay() {
		this.contextRunner.withBean("users", ClientResources.class, ClientResources::create)
			.run((context) -> assertThat(threadOf(context)).startsWith("lettuce-"));
	}

	@Test
	void connectionsOfAnotherTransportStayAndCallbacksRunAsStrands() {
		this.contextRunner.withPropertyValues("loopline.netty.transport=nio")
			.run((context) -> assertThat(threadOf(context)).startsWith(this.threads.prefix()));
	}

	@Test
	void propertyLeavesLettuceAlone() {
		this.contextRunner.withPropertyValues("loopline.clients.lettuce=false")
			.run((context) -> assertThat(threadOf(context)).startsWith("lettuce-"));
	}

	@Test
	void switchOfAllLeavesLettuceAlone() {
		this.contextRunner.withPropertyValues("loopline.enabled=false")
			.run((context) -> assertThat(threadOf(context)).startsWith("lettuce-"));
	}

	@Test
	void backsOffWithoutLettuce() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(RedisClient.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(LettuceClientAutoConfiguration.class));
	}

	private static ReactiveStringRedisTemplate template(ApplicationContext context) {
		return context.getBean(ReactiveStringRedisTemplate.class);
	}

	private static Mono<String> get(ApplicationContext context, String key) {
		return template(context).opsForValue().get(key);
	}

	private static String threadOf(ApplicationContext context) {
		return get(context, "key").map((value) -> Thread.currentThread().getName()).block(PATIENCE);
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		await().until(() -> latch.getCount() == 0);
	}

	/**
	 * Work that goes on on one strand.
	 */
	private record Work(Strand going) implements ContinuedWork {

		@Override
		public Strand newStrand(TaskRuntime runtime) {
			return this.going;
		}

		@Override
		public void continueOn(Strand strand) {
			throw new UnsupportedOperationException();
		}

		@Override
		public ContinuedWork lasting() {
			return this;
		}

		@Override
		public WorkDescription describe() {
			return WorkDescription.UNKNOWN;
		}

	}

}
