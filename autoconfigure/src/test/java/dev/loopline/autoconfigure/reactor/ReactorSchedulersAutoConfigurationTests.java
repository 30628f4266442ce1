package dev.loopline.autoconfigure.reactor;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;
import dev.loopline.autoconfigure.support.RuntimeThreads;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReactorSchedulersAutoConfiguration}.
 */
class ReactorSchedulersAutoConfigurationTests {

	private static final AutoConfigurations CONFIGURATION = AutoConfigurations.of(
			NettyReactiveWebServerAutoConfiguration.class, ReactorNettyRuntimeAutoConfiguration.class,
			TaskRuntimeAutoConfiguration.class, ReactorSchedulersAutoConfiguration.class);

	private final RuntimeThreads threads = RuntimeThreads.withUniquePrefix();

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(CONFIGURATION)
		.withPropertyValues("loopline.workers=2", "spring.reactor.netty.shutdown-quiet-period=0",
				this.threads.property());

	@Test
	void offersTheRuntimeAndAScheduler() {
		this.contextRunner.run((context) -> {
			assertThat(context.getBean(TaskRuntime.class))
				.isSameAs(context.getBean(TaskRuntimeLifecycle.class).runtime());
			Scheduler scheduler = context.getBean(Scheduler.class);
			assertThat(threadOf(scheduler)).startsWith(this.threads.prefix());
		});
		this.threads.awaitNone();
	}

	@Test
	void backsOffWhenUserDefinesAScheduler() {
		this.contextRunner.withBean(Scheduler.class, Schedulers::immediate)
			.run((context) -> assertThat(context).hasSingleBean(Scheduler.class)
				.doesNotHaveBean(StrandScheduler.class));
	}

	@Test
	void backsOffWhenUserDefinesATaskRuntime() {
		try (TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.defaults())) {
			this.contextRunner.withBean(TaskRuntime.class, () -> runtime)
				.run((context) -> assertThat(context.getBean(TaskRuntime.class)).isSameAs(runtime));
		}
	}

	@Test
	void leavesReactorsSchedulersAloneIfAskedTo() {
		this.contextRunner.withPropertyValues("loopline.reactor.schedulers=false").run((context) -> {
			assertThat(context).doesNotHaveBean(RuntimeSchedulers.class);
			assertThat(threadOf(Schedulers.parallel())).startsWith("parallel-");
		});
	}

	@Test
	void leavesThemAloneWhereRequestsAreHandledByOthersUnlessAskedTo() {
		ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(CONFIGURATION)
			.withPropertyValues("loopline.workers=2", this.threads.property());
		runner.run((context) -> assertThat(context).hasSingleBean(StrandScheduler.class)
			.doesNotHaveBean(RuntimeSchedulers.class));
		runner.withPropertyValues("loopline.reactor.schedulers=true")
			.run((context) -> assertThat(context).hasSingleBean(RuntimeSchedulers.class));
	}

	@Test
	void putsReactorsSchedulersOnTheRuntimeUntilTheContextEnds() {
		Scheduler before = Schedulers.parallel();
		this.contextRunner.run((context) -> {
			assertThat(threadOf(Schedulers.parallel())).startsWith(this.threads.prefix());
			assertThat(threadOf(Schedulers.single())).startsWith(this.threads.prefix());
			assertThat(threadOf(Schedulers.boundedElastic())).startsWith("boundedElastic-");
		});
		assertThat(Schedulers.parallel()).isSameAs(before);
		assertThat(before.isDisposed()).isFalse();
		assertThat(threadOf(Schedulers.parallel())).startsWith("parallel-");
		this.threads.awaitNone();
	}

	@Test
	void putsBoundedElasticOnTheRuntimeIfAskedTo() {
		this.contextRunner.withPropertyValues("loopline.reactor.bounded-elastic=true").run((context) -> {
			assertThat(threadOf(Schedulers.boundedElastic())).startsWith(this.threads.prefix());
			assertThat(Mono.fromCallable(() -> Mono.just("blocked").hide().block())
				.subscribeOn(Schedulers.boundedElastic())
				.block(Duration.ofSeconds(20))).isEqualTo("blocked");
		});
		assertThat(threadOf(Schedulers.boundedElastic())).startsWith("boundedElastic-");
		this.threads.awaitNone();
	}

	@Test
	void contextThatLivesAgainTakesThemAgain() {
		this.contextRunner.run((context) -> {
			ConfigurableApplicationContext restarted = (ConfigurableApplicationContext) context
				.getSourceApplicationContext();
			restarted.stop();
			assertThat(threadOf(Schedulers.parallel())).startsWith("parallel-");
			restarted.start();
			assertThat(threadOf(Schedulers.parallel())).startsWith(this.threads.prefix());
		});
		assertThat(threadOf(Schedulers.parallel())).startsWith("parallel-");
	}

	@Test
	void secondContextLeavesTheSchedulersToTheFirst() {
		Scheduler before = Schedulers.parallel();
		this.contextRunner.run((first) -> {
			Scheduler ofFirst = Schedulers.parallel();
			this.contextRunner.run((second) -> assertThat(Schedulers.parallel()).isSameAs(ofFirst));
			assertThat(Schedulers.parallel()).isSameAs(ofFirst);
		});
		assertThat(Schedulers.parallel()).isSameAs(before);
	}

	private static String threadOf(Scheduler scheduler) {
		return Mono.fromCallable(() -> Thread.currentThread().getName())
			.subscribeOn(scheduler)
			.block(Duration.ofSeconds(20));
	}

}
