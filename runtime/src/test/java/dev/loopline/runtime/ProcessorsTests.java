package dev.loopline.runtime;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Processors}.
 */
class ProcessorsTests {

	private final FakeTicker ticker = new FakeTicker();

	private final AtomicInteger available = new AtomicInteger(4);

	private final AtomicInteger looks = new AtomicInteger();

	@Test
	void asManyMayComputeAsThereAreProcessors() {
		Processors processors = processors((builder) -> {
		});
		assertCounts(processors, 4, 4);
		resize(processors, 1);
		assertCounts(processors, 1, 1);
		resize(processors, 8);
		assertCounts(processors, 8, 8);
	}

	@ParameterizedTest
	@CsvSource({ "3, 3, 3, 2, 1", "8, 8, 8, 2, 1", "1, 1, 1, 1, 1" })
	void numberThatWasAskedForHoldsUntilProcessorsAreTakenAway(int workers, int atStart, int withMore, int withTwo,
			int withOne) {
		Processors processors = processors((builder) -> builder.workers(workers));
		assertCounts(processors, 4, atStart);
		resize(processors, 16);
		assertCounts(processors, 16, withMore);
		resize(processors, 2);
		assertCounts(processors, 2, withTwo);
		resize(processors, 1);
		assertCounts(processors, 1, withOne);
		resize(processors, 4);
		assertCounts(processors, 4, atStart);
	}

	@ParameterizedTest
	@CsvSource({ "3, 3, 3, 2", "8, 4, 8, 2", "1, 1, 1, 1" })
	void noMoreWorkersAreAwakeThanThereAreProcessors(int workers, int atStart, int withMore, int withTwo) {
		Processors processors = processors((builder) -> builder.workers(workers));
		assertThat(processors.awake()).isEqualTo(atStart);
		resize(processors, 16);
		assertThat(processors.awake()).isEqualTo(withMore);
		resize(processors, 2);
		assertThat(processors.awake()).isEqualTo(withTwo);
	}

	@Test
	void numberThatIsNoLongerAskedForFollows() {
		TaskRuntimeConfig asked = config((builder) -> builder.workers(2));
		Processors processors = new Processors(asked.toBuilder().workers(0).build());
		resize(processors, 8);
		assertCounts(processors, 8, 8);
	}

	@Test
	void copyOfTheConfigurationFollowsWithAsManyWorkers() {
		TaskRuntimeConfig config = config((builder) -> {
		});
		this.available.set(1);
		TaskRuntimeConfig copy = config.toBuilder().build();
		assertThat(copy.workers()).isEqualTo(4);
		assertCounts(new Processors(copy), 1, 1);
	}

	@Test
	void currentThreadFlavourStaysAlone() {
		Processors processors = processors((builder) -> builder.flavour(TaskRuntimeConfig.Flavour.CURRENT_THREAD));
		resize(processors, 8);
		assertCounts(processors, 8, 1);
	}

	@Test
	void looksOnceInASecond() {
		Processors processors = processors((builder) -> {
		});
		this.looks.set(0);
		this.available.set(2);
		this.ticker.advance(Duration.ofNanos(Processors.PERIOD_NANOS - 1));
		assertThat(processors.update(this.ticker.nanos())).isFalse();
		assertThat(this.looks).hasValue(0);
		this.ticker.advance(Duration.ofNanos(1));
		assertThat(processors.update(this.ticker.nanos())).isTrue();
		assertThat(processors.update(this.ticker.nanos())).isFalse();
		assertThat(this.looks).hasValue(1);
	}

	@Test
	void everyChangeIsLoggedOnce() {
		Processors processors = processors((builder) -> {
		});
		try (LogCapture log = new LogCapture(Processors.class, Level.INFO)) {
			resize(processors, 1);
			resize(processors, 1);
			assertThat(log.messages()).containsExactly("Processors: 1 now, 4 before. "
					+ "As many as 1 strands may compute at a time, and 1 of 4 workers help each other");
			resize(processors, 8);
			assertThat(log.messages()).hasSize(2)
				.last()
				.asString()
				.startsWith("Processors: 8 now, 1 before.")
				.endsWith("4 of 4 workers help each other");
		}
	}

	private TaskRuntimeConfig config(Consumer<TaskRuntimeConfigBuilder> changes) {
		return TaskRuntimeConfig.of((builder) -> {
			builder.ticker(this.ticker);
			builder.processors(() -> {
				this.looks.incrementAndGet();
				return this.available.get();
			});
			changes.accept(builder);
		});
	}

	private Processors processors(Consumer<TaskRuntimeConfigBuilder> changes) {
		return new Processors(config(changes));
	}

	private void resize(Processors processors, int count) {
		this.available.set(count);
		this.ticker.advance(Duration.ofNanos(Processors.PERIOD_NANOS));
		processors.update(this.ticker.nanos());
	}

	private static void assertCounts(Processors processors, int count, int parallelism) {
		assertThat(processors.count()).isEqualTo(count);
		assertThat(processors.parallelism()).isEqualTo(parallelism);
	}

}
