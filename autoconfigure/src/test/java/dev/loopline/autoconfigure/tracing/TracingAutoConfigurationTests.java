package dev.loopline.autoconfigure.tracing;

import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.NoopTracerAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestTracingAutoConfiguration} and
 * {@link TaskTracingAutoConfiguration}.
 */
class TracingAutoConfigurationTests {

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations.of(
			MicrometerTracingAutoConfiguration.class, NoopTracerAutoConfiguration.class,
			ObservationAutoConfiguration.class, OpenTelemetrySdkAutoConfiguration.class,
			OpenTelemetryTracingAutoConfiguration.class, ReactorNettyRuntimeAutoConfiguration.class,
			RequestTracingAutoConfiguration.class, TaskRuntimeAutoConfiguration.class,
			TaskTracingAutoConfiguration.class);

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS);

	@Test
	void tracesRequestsButNoTasks() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(RequestTracingHandler.class)
				.hasSingleBean(OpenTelemetryStallEvents.class)
				.doesNotHaveBean(NamedStallEvents.class);
			assertThat(context.getBean(TaskRuntimeConfig.class).taskHooks()).isEmpty();
		});
	}

	@Test
	void tracesTasksWhenAsked() {
		this.contextRunner.withPropertyValues("loopline.tracing.tasks=true")
			.run((context) -> assertThat(context.getBean(TaskRuntimeConfig.class).taskHooks()).singleElement()
				.isInstanceOf(TaskTracingHooks.class));
	}

	@Test
	void tracesTasksWithoutAWebServer() {
		new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withPropertyValues("loopline.tracing.tasks=true")
			.run((context) -> {
				assertThat(context.getBean(TaskRuntimeConfig.class).taskHooks()).hasSize(1);
				assertThat(context).doesNotHaveBean(RequestTracingHandler.class);
			});
	}

	@Test
	void namesStallsForAnotherTracer() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(OtelTracer.class))
			.withBean(Tracer.class, () -> Tracer.NOOP)
			.run((context) -> assertThat(context).hasSingleBean(RequestTracingHandler.class)
				.hasSingleBean(NamedStallEvents.class)
				.doesNotHaveBean(OpenTelemetryStallEvents.class));
	}

	@Test
	void backsOffWithoutATracer() {
		assertNothingIsTraced(this.contextRunner.withClassLoader(new FilteredClassLoader(OtelTracer.class)));
	}

	@Test
	void backsOffWithoutTheLibrary() {
		assertNothingIsTraced(this.contextRunner.withClassLoader(new FilteredClassLoader("io.micrometer.tracing")));
	}

	@Test
	void backsOffWhereRequestsAreStock() {
		this.contextRunner.withPropertyValues("loopline.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(RequestTracingAutoConfiguration.class));
	}

	@Test
	void backsOffWhenSwitchedOff() {
		assertNothingIsTraced(this.contextRunner.withPropertyValues("loopline.tracing.enabled=false"));
	}

	@Test
	void requestsAreNotTracedWithoutARegistryOfObservations() {
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(OpenTelemetrySdkAutoConfiguration.class,
					OpenTelemetryTracingAutoConfiguration.class, ReactorNettyRuntimeAutoConfiguration.class,
					RequestTracingAutoConfiguration.class, TaskRuntimeAutoConfiguration.class))
			.run((context) -> assertThat(context).hasSingleBean(Tracer.class)
				.doesNotHaveBean(RequestTracingHandler.class));
	}

	private static void assertNothingIsTraced(ReactiveWebApplicationContextRunner runner) {
		runner.withPropertyValues("loopline.tracing.tasks=true").run((context) -> {
			assertThat(context).hasNotFailed()
				.doesNotHaveBean(RequestTracingHandler.class)
				.doesNotHaveBean(StallEvents.class);
			assertThat(context.getBean(TaskRuntimeConfig.class).taskHooks()).isEmpty();
		});
	}

}
