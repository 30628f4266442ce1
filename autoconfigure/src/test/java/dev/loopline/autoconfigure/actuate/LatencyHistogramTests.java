package dev.loopline.autoconfigure.actuate;

import java.util.List;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LatencyHistogram}.
 */
class LatencyHistogramTests {

	private final LatencyHistogram histogram = new LatencyHistogram();

	@ParameterizedTest
	@ValueSource(longs = { 1_024, 1_151, 4_095, 4_096, 999_999, 123_456_789, 60_000_000_000L })
	void isOffByASixteenthAtMost(long nanos) {
		this.histogram.add(nanos);
		assertThat(describe().p50Nanos()).isCloseTo(nanos, Percentage.withPercentage(100.0 / 16 + 0.01));
	}

	@Test
	void percentilesAreOfWhatWasCounted() {
		for (int i = 1; i <= 1_000; i++) {
			this.histogram.add(i * 1_000_000L);
		}
		RouteLatency latency = describe();
		assertThat(latency.requests()).isEqualTo(1_000);
		assertThat(latency.p50Nanos()).isCloseTo(500_000_000, Percentage.withPercentage(7));
		assertThat(latency.p99Nanos()).isCloseTo(990_000_000, Percentage.withPercentage(7));
	}

	@Test
	void oneInAHundredIsNotYetTheNinetyNinth() {
		for (int i = 0; i < 99; i++) {
			this.histogram.add(1_000_000);
		}
		this.histogram.add(10_000_000_000L);
		assertThat(describe().p99Nanos()).isLessThan(2_000_000);
		this.histogram.add(10_000_000_000L);
		assertThat(describe().p99Nanos()).isGreaterThan(9_000_000_000L);
	}

	/**
	 * What is out of bounds is in the first or the last bucket, of which it is the
	 * middle.
	 */
	@ParameterizedTest
	@CsvSource({ "-9223372036854775808, 1088", "-1, 1088", "0, 1088", "1, 1088", "9223372036854775807, 133143986176" })
	void oddTimesAreCounted(long nanos, long middle) {
		this.histogram.add(nanos);
		assertThat(describe().requests()).isOne();
		assertThat(describe().p99Nanos()).isEqualTo(middle);
	}

	@Test
	void severalAreAddedUp() {
		LatencyHistogram other = new LatencyHistogram();
		this.histogram.add(1_000_000);
		other.add(1_000_000_000);
		RouteLatency latency = LatencyHistogram.of(List.of(this.histogram, other));
		assertThat(latency.requests()).isEqualTo(2);
		assertThat(latency.p50Nanos()).isLessThan(2_000_000);
		assertThat(latency.p99Nanos()).isGreaterThan(900_000_000);
		assertThat(LatencyHistogram.of(List.of())).isEqualTo(RouteLatency.UNKNOWN);
	}

	private RouteLatency describe() {
		return LatencyHistogram.of(List.of(this.histogram));
	}

}
