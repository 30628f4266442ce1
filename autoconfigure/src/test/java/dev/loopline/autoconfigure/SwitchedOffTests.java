package dev.loopline.autoconfigure;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.actuate.web.server.NettyReactiveManagementContextAutoConfiguration;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.web.server.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.error.ErrorWebFluxAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import dev.loopline.autoconfigure.actuate.TaskRuntimeEndpointAutoConfiguration;
import dev.loopline.autoconfigure.actuate.TaskRuntimeHealthAutoConfiguration;
import dev.loopline.autoconfigure.metrics.TaskRuntimeMetricsAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ReactorSchedulersAutoConfiguration;
import dev.loopline.autoconfigure.reactor.StrandResourceFactory;
import dev.loopline.autoconfigure.support.FailureAnalyses;
import dev.loopline.autoconfigure.support.RuntimeThreads;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.netty.Transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@code loopline.enabled=false}, which leaves stock WebFlux, and to the
 * application what it asks for.
 */
class SwitchedOffTests {

	private final RuntimeThreads threads = RuntimeThreads.withUniquePrefix();

	private final ReactiveWebApplicationContextRunner stockRunner = new ReactiveWebApplicationContextRunner(
			AnnotationConfigReactiveWebServerApplicationContext::new)
		.withPropertyValues("server.port=0", "spring.reactor.netty.shutdown-quiet-period=0")
		.withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class, ErrorWebFluxAutoConfiguration.class,
				HttpClientAutoConfiguration.class, HttpHandlerAutoConfiguration.class,
				ManagementContextAutoConfiguration.class, NettyReactiveManagementContextAutoConfiguration.class,
				NettyReactiveWebServerAutoConfiguration.class, PropertyPlaceholderAutoConfiguration.class,
				ReactiveHttpClientAutoConfiguration.class, WebEndpointAutoConfiguration.class,
				WebFluxAutoConfiguration.class));

	private final ReactiveWebApplicationContextRunner contextRunner = this.stockRunner
		.withConfiguration(AutoConfigurations.of(ReactorNettyRuntimeAutoConfiguration.class,
				ReactorSchedulersAutoConfiguration.class, TaskRuntimeAutoConfiguration.class,
				TaskRuntimeEndpointAutoConfiguration.class, TaskRuntimeHealthAutoConfiguration.class,
				TaskRuntimeMetricsAutoConfiguration.class))
		.withPropertyValues(this.threads.property());

	@Test
	void hasTheBeansOfStockWebFluxAndThoseThatApplicationsInject() {
		Set<String> off = new TreeSet<>(List
			.of(beanNames(this.contextRunner, (runner) -> runner.withPropertyValues("loopline.enabled=false"))));
		off.removeAll(Set.of(beanNames(this.stockRunner, UnaryOperator.identity())));
		off.removeIf((name) -> name.contains("."));
		assertThat(off).containsExactly("blockingGuard", "looplineHealthIndicator", "stallListenerBeans",
				"strandScheduler", "taskRuntime", "taskRuntimeConfig", "taskRuntimeConfigFactory",
				"taskRuntimeLifecycle");
	}

	@ParameterizedTest
	@ValueSource(strings = { "false", "FALSE", "off", "no" })
	void runtimeStartsWhenItIsUsedAndEndsWithTheContext(String value) {
		this.contextRunner.withPropertyValues("loopline.enabled=" + value).run((context) -> {
			assertThat(context.getBean("looplineHealthIndicator", HealthIndicator.class).health().getStatus())
				.isEqualTo(Status.UP);
			Scheduler scheduler = context.getBean(Scheduler.class);
			assertThat(this.threads.alive()).isEmpty();
			assertThat(Mono.fromCallable(() -> Thread.currentThread().getName()).subscribeOn(scheduler).block())
				.startsWith(this.threads.prefix());
			assertThat(context.getBean(TaskRuntime.class).spawn(() -> "task").join()).isEqualTo("task");
			assertThat(context.getBean(TaskRuntime.class)).isSameAs(context.getBean(TaskRuntime.class));
		});
		this.threads.awaitNone();
	}

	@Test
	void runtimeOfRestartedContextIsTheSameInANewLife() {
		this.contextRunner.withPropertyValues("loopline.enabled=false").run((context) -> {
			TaskRuntime before = context.getBean(TaskRuntime.class);
			context.getSourceApplicationContext().stop();
			assertThat(before.isShutdown()).isTrue();
			assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> before.spawn(() -> "late"));
			context.getSourceApplicationContext().start();
			assertThat(context.getBean(TaskRuntime.class)).isSameAs(before);
			assertThat(before.spawn(() -> "again").join()).isEqualTo("again");
		});
		this.threads.awaitNone();
	}

	@Test
	void stoppedContextStartsNoRuntime() {
		this.contextRunner.withPropertyValues("loopline.enabled=false").run((context) -> {
			context.getSourceApplicationContext().stop();
			assertThatExceptionOfType(BeanCreationException.class).isThrownBy(() -> context.getBean(TaskRuntime.class))
				.withStackTraceContaining("has been stopped");
		});
	}

	@Test
	void pauseOfTheContextLeavesTheRuntimeAlone() {
		this.contextRunner.withPropertyValues("loopline.enabled=false").run((context) -> {
			TaskRuntime runtime = context.getBean(TaskRuntime.class);
			context.getSourceApplicationContext().pause();
			assertThat(runtime.spawn(() -> "paused").join()).isEqualTo("paused");
			context.getSourceApplicationContext().restart();
			assertThat(runtime.restarts()).isZero();
		});
	}

	@Test
	void runtimeOfFailedContextEnds() {
		this.contextRunner.withPropertyValues("loopline.enabled=false")
			.withUserConfiguration(FailingConfiguration.class)
			.run((context) -> assertThat(context).hasFailed());
		this.threads.awaitNone();
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.main.lazy-initialization=false", "spring.main.lazy-initialization=true" })
	void valueThatIsNeitherOnNorOffStopsTheStart(String property) {
		this.contextRunner.withPropertyValues("loopline.enabled=nope", property).run((context) -> {
			FailureAnalysis analysis = FailureAnalyses.of(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("'nope'", "'loopline.enabled'", "true or false");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "true", "ON", "yes", "1" })
	void isOnInAnySpelling(String value) {
		this.contextRunner.withPropertyValues("loopline.enabled=" + value)
			.run((context) -> assertThat(context).hasSingleBean(StrandResourceFactory.class)
				.hasSingleBean(Transport.class));
	}

	@Test
	void differsFromStockWebFluxWhenSwitchedOn() {
		String[] stock = beanNames(this.stockRunner, UnaryOperator.identity());
		String[] on = beanNames(this.contextRunner, UnaryOperator.identity());
		assertThat(on).contains("taskRuntimeConfig").hasSizeGreaterThan(stock.length);
	}

	@Test
	void usesGlobalResources() {
		this.contextRunner.withPropertyValues("loopline.enabled=false")
			.run((context) -> assertThat(context.getBean(ReactorResourceFactory.class))
				.returns(ReactorResourceFactory.class, Object::getClass)
				.returns(true, ReactorResourceFactory::isUseGlobalResources));
	}

	@Test
	void staysOffWhenUserDefinesTaskRuntimeConfig() {
		this.contextRunner.withPropertyValues("loopline.enabled=false")
			.withBean(TaskRuntimeConfig.class, TaskRuntimeConfig::defaults)
			.run((context) -> assertThat(context).hasNotFailed()
				.getBean(ReactorResourceFactory.class)
				.hasSameClassAs(new ReactorResourceFactory()));
	}

	private static String[] beanNames(ReactiveWebApplicationContextRunner runner,
			UnaryOperator<ReactiveWebApplicationContextRunner> changes) {
		String[][] names = new String[1][];
		changes.apply(runner).run((context) -> {
			assertThat(context).hasNotFailed();
			names[0] = context.getBeanDefinitionNames();
		});
		return names[0];
	}

	@Configuration(proxyBeanMethods = false)
	static class FailingConfiguration {

		@Bean
		Object failing(TaskRuntime runtime) {
			throw new IllegalStateException("expected, not " + runtime.isShutdown());
		}

	}

}
