package dev.loopline.autoconfigure.reactor;

import java.time.Duration;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.support.PublisherRules;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

/**
 * Tests that what publishes on the runtime keeps the rules of Reactive Streams.
 */
class ReactiveStreamsTests {

	private static final int MANY = 10_000;

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(2)));

	private final StrandScheduler scheduler = StrandScheduler.of(this.runtime);

	@AfterEach
	void close() {
		this.runtime.close();
	}

	@TestFactory
	Stream<DynamicTest> cooperation() {
		return PublisherRules.of(MANY, (source) -> Flux.from(source).transform(Cooperation.on(this.scheduler)));
	}

	@TestFactory
	Stream<DynamicTest> publishOn() {
		return PublisherRules.of(MANY, (source) -> Flux.from(source).publishOn(this.scheduler));
	}

	@TestFactory
	Stream<DynamicTest> delayedElements() {
		return PublisherRules.of(20, (source) -> Flux.from(source).delayElements(Duration.ofMillis(1), this.scheduler));
	}

	@TestFactory
	Stream<DynamicTest> joinHandle() {
		return PublisherRules.onDemand(1, (source) -> Mono
			.defer(() -> Mono.fromCompletionStage(this.runtime.spawnAsync(Mono.from(source)::toFuture))));
	}

}
