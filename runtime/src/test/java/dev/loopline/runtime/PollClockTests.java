package dev.loopline.runtime;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PollClock}.
 */
class PollClockTests {

	private static final long QUICK_NANOS = 100;

	private static final int MANY = 1_600;

	private final FakeTicker ticker = new FakeTicker();

	private final WorkerStats stats = new WorkerStats();

	private int readings;

	private final PollClock clock = new PollClock(this::read, this.stats, 1);

	@Test
	void everyPollIsTimedAtFirst() {
		poll(QUICK_NANOS, false);
		this.readings = 0;
		assertThat(poll(QUICK_NANOS, false)).isEqualTo(QUICK_NANOS);
		assertThat(this.readings).isOne();
		assertThat(this.stats.polls).isEqualTo(2);
	}

	@Test
	void quickPollsShareReadings() {
		pollOften();
		this.readings = 0;
		Set<Long> starts = new HashSet<>();
		for (int i = 0; i < MANY; i++) {
			starts.add(this.clock.begin(false));
			this.ticker.advance(Duration.ofNanos(QUICK_NANOS));
			this.clock.end(false);
		}
		assertThat(this.readings).isEqualTo(MANY / 16);
		assertThat(starts).hasSize(MANY);
		assertThat(this.stats.polls).isEqualTo(2 * MANY);
		assertThat(this.stats.busyNanos).isEqualTo(2 * MANY * QUICK_NANOS);
	}

	@Test
	void pollThatMustBeTimedAloneIs() {
		pollOften();
		poll(QUICK_NANOS, false);
		assertThat(poll(QUICK_NANOS, true)).isEqualTo(QUICK_NANOS);
		assertThat(this.clock.now()).isEqualTo(this.ticker.nanos());
	}

	@Test
	void longPollCountsAsOneAndEndsTheBatches() {
		pollOften();
		long before = this.stats.pollTime.snapshot(0).countBelowPowerOfTwo(LogHistogram.MIN_POWER);
		poll(QUICK_NANOS, false);
		poll(Duration.ofMillis(3).toNanos(), false);
		this.clock.flush();
		HistogramSnapshot times = this.stats.pollTime.snapshot(0);
		assertThat(times.countBelowPowerOfTwo(LogHistogram.MIN_POWER)).isEqualTo(before + 1);
		assertThat(times.percentile(1)).isGreaterThanOrEqualTo(Duration.ofMillis(3));
		this.readings = 0;
		poll(QUICK_NANOS, false);
		poll(QUICK_NANOS, false);
		assertThat(this.readings).isEqualTo(2);
	}

	@Test
	void whatIsNoPollCountsForNone() {
		pollOften();
		poll(QUICK_NANOS, false);
		this.clock.flush();
		long busy = this.stats.busyNanos;
		this.ticker.advance(Duration.ofSeconds(1));
		this.clock.refresh();
		poll(QUICK_NANOS, true);
		assertThat(this.stats.busyNanos).isEqualTo(busy + QUICK_NANOS);
	}

	@Test
	void oneTaskInManyIsSampled() {
		int samples = 0;
		for (int i = 0; i < 1_000 * PollClock.SAMPLE; i++) {
			samples += this.clock.samples() ? 1 : 0;
		}
		assertThat(samples).isBetween(950, 1_050);
	}

	private void pollOften() {
		for (int i = 0; i < MANY; i++) {
			poll(QUICK_NANOS, false);
		}
	}

	private long poll(long nanos, boolean alone) {
		long start = this.clock.begin(alone);
		this.ticker.advance(Duration.ofNanos(nanos));
		return this.clock.end(alone) - start;
	}

	private long read() {
		this.readings++;
		return this.ticker.nanos();
	}

}
