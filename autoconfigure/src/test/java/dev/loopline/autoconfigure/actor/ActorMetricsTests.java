package dev.loopline.autoconfigure.actor;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.actor.ActorRef;
import dev.loopline.runtime.actor.Actors;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ActorMetrics} and {@link ActorMetricsAutoConfiguration}.
 */
class ActorMetricsTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(ActorMetricsAutoConfiguration.class, TaskRuntimeAutoConfiguration.class))
		.withPropertyValues("loopline.workers=2");

	@Test
	void actorHasMetersWhileItLives() {
		this.contextRunner.run((context) -> {
			ActorMetrics metrics = context.getBean(ActorMetrics.class);
			try (TaskRuntime runtime = TaskRuntime.start(context.getBean(TaskRuntimeConfig.class))) {
				ActorRef<CompletableFuture<Integer>> actor = Actors.of(runtime)
					.spawn("early", () -> (reply, self) -> reply.complete(1));
				metrics.bindTo(this.registry);
				ActorRef<CompletableFuture<Integer>> late = Actors.of(runtime)
					.spawn("late", () -> (reply, self) -> reply.complete(1));
				actor.<Integer>ask((reply) -> reply, Duration.ofSeconds(20)).toCompletableFuture().join();
				late.stop().toCompletableFuture().join();
				assertThat(this.registry.getMeters()).extracting(Meter::getId)
					.allMatch((id) -> "early".equals(id.getTag("actor")))
					.extracting(Meter.Id::getName)
					.containsExactlyInAnyOrder("loopline.actor.mailbox.depth", "loopline.actor.messages",
							"loopline.actor.failures", "loopline.actor.dropped");
				assertThat(this.registry.get("loopline.actor.mailbox.depth").gauge().value()).isZero();
			}
			assertThat(this.registry.getMeters()).isEmpty();
		});
	}

	@Test
	void backsOffWithoutMicrometer() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("io.micrometer.core"))
			.run((context) -> assertThat(context).doesNotHaveBean(ActorMetrics.class));
	}

}
