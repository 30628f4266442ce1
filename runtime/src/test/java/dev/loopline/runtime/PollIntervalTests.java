package dev.loopline.runtime;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PollInterval}.
 */
class PollIntervalTests {

	private final WorkerStats stats = new WorkerStats();

	@Test
	void startsWithTheInitialInterval() {
		assertThat(tuned().interval()).isEqualTo(61);
	}

	@ParameterizedTest
	@CsvSource({ "1, 127", "1000, 127", "2000, 100", "10000, 20", "20000, 10", "100000, 2", "1000000, 2",
			"1000000000, 2" })
	void tunesTheIntervalToTheLengthOfPolls(long pollNanos, int interval) {
		PollInterval tuned = tuned();
		for (int i = 0; i < 50; i++) {
			polls(10, pollNanos);
			tuned.tune(this.stats);
		}
		assertThat(tuned.interval()).isBetween(interval - 3, interval + 3).isBetween(2, 127);
	}

	@Test
	void comesBackAfterSlowPolls() {
		PollInterval tuned = tuned();
		polls(1_000, 1_000_000);
		tuned.tune(this.stats);
		assertThat(tuned.interval()).isEqualTo(2);
		polls(1_000, 100);
		tuned.tune(this.stats);
		assertThat(tuned.interval()).isEqualTo(127);
	}

	@Test
	void onePollWeighsATenth() {
		PollInterval tuned = tuned();
		polls(1_000, 2_000);
		tuned.tune(this.stats);
		assertThat(tuned.interval()).isEqualTo(100);
		polls(1, 22_000);
		tuned.tune(this.stats);
		assertThat(tuned.interval()).isEqualTo(50);
	}

	@Test
	void keepsTheIntervalWithoutPolls() {
		PollInterval tuned = tuned();
		tuned.tune(this.stats);
		assertThat(tuned.interval()).isEqualTo(61);
	}

	@Test
	void ignoresSmallChanges() {
		PollInterval tuned = tuned();
		polls(1_000, 200_000 / 62);
		tuned.tune(this.stats);
		assertThat(tuned.interval()).isEqualTo(61);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 61, 1 << 20 })
	void fixedIntervalIsNeverTuned(int interval) {
		PollInterval fixed = PollInterval.of(TaskRuntimeConfig.of((builder) -> builder.globalQueueInterval(interval)));
		polls(10_000, 1_000_000);
		fixed.tune(this.stats);
		assertThat(fixed.interval()).isEqualTo(interval);
	}

	@Test
	void isDueOncePerInterval() {
		PollInterval fixed = PollInterval.of(TaskRuntimeConfig.of((builder) -> builder.globalQueueInterval(5)));
		int due = 0;
		for (int tick = Integer.MAX_VALUE - 49; tick != Integer.MIN_VALUE; tick++) {
			due += fixed.isDue(tick) ? 1 : 0;
		}
		assertThat(due).isEqualTo(10);
	}

	private void polls(int polls, long nanosEach) {
		this.stats.polls += polls;
		this.stats.busyNanos += polls * nanosEach;
	}

	private static PollInterval tuned() {
		return PollInterval.of(TaskRuntimeConfig.of((builder) -> builder.globalQueueInterval(0)));
	}

}
