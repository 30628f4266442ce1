package dev.loopline.autoconfigure.metrics;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.runtime.JoinHandle;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link NamedTaskMetrics}.
 */
class NamedTaskMetricsTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(NamedTaskMetricsAutoConfiguration.class, TaskRuntimeAutoConfiguration.class))
		.withPropertyValues("loopline.workers=2");

	@Test
	void tasksAreCountedByName() {
		this.contextRunner.run((context) -> {
			try (TaskRuntime runtime = TaskRuntime.start(context.getBean(TaskRuntimeConfig.class))) {
				JoinHandle<Object> early = runtime.spawnAsync("early", CompletableFuture::new);
				context.getBean(NamedTaskMetrics.class).bindTo(this.registry);
				runtime.spawn("late", () -> 1).join();
				runtime.spawn("late", () -> 2).join();
				runtime.spawn(() -> 3).join();
				assertThat(this.registry.getMeters()).extracting((meter) -> meter.getId().getTag("task"))
					.containsOnly("early", "late");
				assertThat(spawned("early")).isOne();
				assertThat(live("early")).isOne();
				assertThat(spawned("late")).isEqualTo(2);
				await().until(() -> live("late") == 0);
				early.abort();
				await().until(() -> live("early") == 0);
			}
		});
	}

	@Test
	void namesAreBounded() {
		NamedTaskMetrics metrics = new NamedTaskMetrics();
		metrics.bindTo(this.registry);
		try (TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.taskHooks(metrics)))) {
			for (int i = 0; i < NamedTaskMetrics.MAX_NAMES + 20; i++) {
				runtime.spawn("order " + i, () -> 1);
			}
		}
		List<Meter> meters = this.registry.getMeters();
		assertThat(meters).hasSize(2 * (NamedTaskMetrics.MAX_NAMES + 1));
		assertThat(spawned("others")).isEqualTo(20);
	}

	@Test
	void backsOffWithoutMicrometer() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("io.micrometer.core"))
			.run((context) -> assertThat(context).doesNotHaveBean(NamedTaskMetrics.class));
	}

	private double spawned(String name) {
		return this.registry.get("loopline.task.spawned").tag("task", name).functionCounter().count();
	}

	private double live(String name) {
		return this.registry.get("loopline.task.live").tag("task", name).gauge().value();
	}

}
