package dev.loopline.autoconfigure.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.http.server.HttpServer;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TaskRuntimeMetricsAutoConfiguration}.
 */
class TaskRuntimeMetricsAutoConfigurationTests {

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=0")
		.withConfiguration(AutoConfigurations.of(TaskRuntimeAutoConfiguration.class,
				ReactorNettyRuntimeAutoConfiguration.class, TaskRuntimeMetricsAutoConfiguration.class));

	@Test
	void definesMeterBinder() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(RefusalMetrics.class)
			.hasSingleBean(TaskRuntimeMetrics.class)
			.getBeanNames(MeterBinder.class)
			.hasSize(2));
	}

	@Test
	void backsOffWhenUserDefinesMetrics() {
		this.contextRunner.withBean("mine", TaskRuntimeMetrics.class, () -> new TaskRuntimeMetrics(() -> {
			throw new IllegalStateException();
		})).run((context) -> assertThat(context).hasSingleBean(TaskRuntimeMetrics.class).hasBean("mine"));
	}

	@Test
	void backsOffWithoutMicrometer() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(MeterRegistry.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TaskRuntimeMetrics.class));
	}

	@Test
	void backsOffWithoutReactorNetty() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(HttpServer.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TaskRuntimeMetrics.class));
	}

	@Test
	void backsOffWhenUserDefinesResources() {
		this.contextRunner.withBean(ReactorResourceFactory.class)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TaskRuntimeMetrics.class));
	}

	@Test
	void backsOffWhenDisabled() {
		this.contextRunner.withPropertyValues("loopline.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TaskRuntimeMetrics.class));
	}

}
