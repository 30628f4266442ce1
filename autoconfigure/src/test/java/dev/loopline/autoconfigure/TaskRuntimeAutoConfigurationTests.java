package dev.loopline.autoconfigure;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import reactor.netty.http.server.HttpServer;

import dev.loopline.autoconfigure.support.RuntimeThreads;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.TaskRuntimeConfig.Flavour;
import dev.loopline.runtime.stall.Advice;
import dev.loopline.runtime.stall.StallListener;
import dev.loopline.runtime.stall.StallLog;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TaskRuntimeAutoConfiguration}.
 */
class TaskRuntimeAutoConfigurationTests {

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations
		.of(TaskRuntimeAutoConfiguration.class);

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS);

	@Test
	void definesConfigByDefault() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(TaskRuntimeConfig.class)
			.hasSingleBean(TaskRuntimeProperties.class));
	}

	@Test
	void definesConfigInReactiveWebApplication() {
		new ReactiveWebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.run((context) -> assertThat(context).hasSingleBean(TaskRuntimeConfig.class));
	}

	@Test
	void definesConfigInServletWebApplication() {
		new WebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.run((context) -> assertThat(context).hasSingleBean(TaskRuntimeConfig.class));
	}

	@Test
	void needsNoReactorNetty() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(HttpServer.class))
			.run((context) -> assertThat(context).hasSingleBean(TaskRuntimeConfig.class));
	}

	@Test
	void backsOffWhenUserDefinesTaskRuntimeConfig() {
		this.contextRunner.withUserConfiguration(UserConfigConfiguration.class)
			.withPropertyValues("loopline.workers=5")
			.run((context) -> assertThat(context).getBean(TaskRuntimeConfig.class)
				.isSameAs(context.getBean("userConfig"))
				.extracting(TaskRuntimeConfig::workers)
				.isEqualTo(3));
	}

	@Test
	void offersARuntimeWithoutThreadsUntilItIsInjected() {
		RuntimeThreads threads = RuntimeThreads.withUniquePrefix();
		this.contextRunner.withPropertyValues(threads.property(), "loopline.workers=1").run((context) -> {
			assertThat(context).hasSingleBean(TaskRuntime.class).hasSingleBean(TaskRuntimeLifecycle.class);
			assertThat(threads.alive()).isEmpty();
			TaskRuntime runtime = context.getBean(TaskRuntime.class);
			assertThat(runtime).isSameAs(context.getBean(TaskRuntimeLifecycle.class).runtime());
			assertThat(runtime.spawn(() -> "task").join()).isEqualTo("task");
		});
		threads.awaitNone();
	}

	@Test
	void childContextSharesTheRuntimeOfItsParent() {
		this.contextRunner.run((parent) -> this.contextRunner.withParent(parent).run((child) -> {
			assertThat(child.getBean(TaskRuntime.class)).isSameAs(parent.getBean(TaskRuntime.class));
			assertThat(child.getBean(TaskRuntimeLifecycle.class)).isSameAs(parent.getBean(TaskRuntimeLifecycle.class));
		}));
	}

	@Test
	void appliesProperties() {
		this.contextRunner
			.withPropertyValues("loopline.workers=3", "loopline.global-queue-interval=7", "loopline.event-interval=11",
					"loopline.idle-spin=5ms", "loopline.coop.budget=13", "loopline.coop.quantum=17ms",
					"loopline.blocking.max-threads=19", "loopline.blocking.queue-capacity=23",
					"loopline.blocking.keep-alive=29s", "loopline.blocking.allow-block=true",
					"loopline.thread-name-prefix=mine-", "loopline.stall.log=off",
					"loopline.stall.application-packages=com.example.mine",
					"loopline.stall.framework-packages=com.example.theirs")
			.run((context) -> {
				TaskRuntimeConfig config = context.getBean(TaskRuntimeConfig.class);
				assertThat(config.flavour()).isEqualTo(Flavour.MULTI_THREAD);
				assertThat(config.workers()).isEqualTo(3);
				assertThat(config.globalQueueInterval()).isEqualTo(7);
				assertThat(config.eventInterval()).isEqualTo(11);
				assertThat(config.idleSpin()).isEqualTo(Duration.ofMillis(5));
				assertThat(config.budget()).isEqualTo(13);
				assertThat(config.quantum()).isEqualTo(Duration.ofMillis(17));
				assertThat(config.blockingThreads()).isEqualTo(19);
				assertThat(config.blockingQueueCapacity()).isEqualTo(23);
				assertThat(config.blockingKeepAlive()).isEqualTo(Duration.ofSeconds(29));
				assertThat(config.allowBlocking()).isTrue();
				assertThat(config.threadFactory().newThread(Thread::yield).getName()).startsWith("mine-");
				assertThat(config.stallLog()).isEqualTo(StallLog.OFF);
				assertThat(config.applicationPackages()).containsExactly("com.example.mine");
				assertThat(config.frameworkPackages()).containsExactly("com.example.theirs");
			});
	}

	@Test
	void warningsNameTheProperties() {
		this.contextRunner.run((context) -> {
			Advice advice = context.getBean(TaskRuntimeConfig.class).advice();
			assertThat(advice.blocking()).isEqualTo("No other connection waits for it, but it costs a thread: return "
					+ "a Mono or Flux instead, or call it through TaskRuntime.spawnBlocking, or list the route in "
					+ "loopline.web.blocking-routes");
			assertThat(advice.burning()).isEqualTo("No other connection waits for it, but all share the CPU: make it "
					+ "cheaper or do it in smaller steps, or list the route in loopline.web.blocking-routes");
			assertThat(advice.exhaustion())
				.isEqualTo("List their routes in loopline.web.blocking-routes, or raise loopline.blocking.max-threads");
		});
	}

	@Test
	void packagesOfTheApplicationClassAreToBlameFirst() {
		this.contextRunner.withUserConfiguration(ApplicationConfiguration.class)
			.run((context) -> assertThat(context.getBean(TaskRuntimeConfig.class).applicationPackages())
				.containsExactly(getClass().getPackageName()));
	}

	@Test
	void stallListenersAreCalledInOrder() {
		this.contextRunner.withUserConfiguration(StallListenersConfiguration.class)
			.run((context) -> assertThat(context.getBean(TaskRuntimeConfig.class).stallListeners()).containsExactly(
					context.getBean("first", StallListener.class), context.getBean("second", StallListener.class)));
	}

	@Test
	void currentThreadFlavourHasOneWorker() {
		this.contextRunner.withPropertyValues("loopline.flavour=current-thread").run((context) -> {
			TaskRuntimeConfig config = context.getBean(TaskRuntimeConfig.class);
			assertThat(config.flavour()).isEqualTo(Flavour.CURRENT_THREAD);
			assertThat(config.workers()).isEqualTo(1);
		});
	}

	@Test
	void appliesCustomizersInOrderAfterProperties() {
		this.contextRunner.withUserConfiguration(CustomizersConfiguration.class)
			.withPropertyValues("loopline.workers=2", "loopline.coop.budget=2", "loopline.event-interval=2")
			.run((context) -> {
				TaskRuntimeConfig config = context.getBean(TaskRuntimeConfig.class);
				assertThat(config.workers()).isEqualTo(4);
				assertThat(config.budget()).isEqualTo(3);
				assertThat(config.eventInterval()).isEqualTo(2);
			});
	}

	@Configuration(proxyBeanMethods = false)
	static class UserConfigConfiguration {

		@Bean
		TaskRuntimeConfig userConfig() {
			return TaskRuntimeConfig.of((builder) -> builder.workers(3));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage
	static class ApplicationConfiguration {

	}

	@Configuration(proxyBeanMethods = false)
	static class StallListenersConfiguration {

		@Bean
		@Order(2)
		StallListener second(TaskRuntimeConfig config) {
			return (stall) -> assertThat(config).isNotNull();
		}

		@Bean
		@Order(1)
		StallListener first() {
			return (stall) -> {
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CustomizersConfiguration {

		@Bean
		@Order(2)
		TaskRuntimeConfigCustomizer second() {
			return (builder) -> builder.workers(4);
		}

		@Bean
		@Order(1)
		TaskRuntimeConfigCustomizer first() {
			return (builder) -> builder.workers(3).budget(3);
		}

	}

}
