package dev.loopline.runtime;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LogHistogram} and {@link HistogramSnapshot}.
 */
class LogHistogramTests {

	@Test
	void bucketsFollowEachOtherWithoutGap() {
		for (int bucket = 0; bucket < LogHistogram.BUCKETS - 1; bucket++) {
			long bound = LogHistogram.upperBound(bucket);
			assertThat(LogHistogram.bucketOf(bound - 1)).isEqualTo(bucket);
			assertThat(LogHistogram.bucketOf(bound)).isEqualTo(bucket + 1);
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { Long.MIN_VALUE, -1, 0, 1, 1023 })
	void whatIsShorterThanTheFirstBoundSharesABucket(long nanos) {
		assertThat(LogHistogram.bucketOf(nanos)).isZero();
	}

	@ParameterizedTest
	@ValueSource(longs = { 1L << 36, 1L << 40, Long.MAX_VALUE })
	void whatIsLongerThanTheLastBoundSharesABucket(long nanos) {
		assertThat(LogHistogram.bucketOf(nanos)).isEqualTo(LogHistogram.BUCKETS - 1);
	}

	@Test
	void boundsAreAtMostAQuarterApart() {
		for (int bucket = 1; bucket < LogHistogram.BUCKETS - 1; bucket++) {
			assertThat(LogHistogram.upperBound(bucket))
				.isLessThanOrEqualTo(LogHistogram.upperBound(bucket - 1) * 5 / 4);
		}
	}

	@Test
	void countsWhatIsAtLeastAsLongAsABound() {
		LogHistogram histogram = new LogHistogram();
		histogram.record((1 << 22) - 1, 3);
		assertThat(histogram.countFrom(1 << 22)).isZero();
		histogram.record(1 << 22, 5);
		histogram.record(Long.MAX_VALUE, 7);
		assertThat(histogram.countFrom(1 << 22)).isEqualTo(12);
	}

	@Test
	void percentileIsTooLongByAQuarterAtMost() {
		LogHistogram histogram = new LogHistogram();
		for (int millis = 1; millis <= 1000; millis++) {
			histogram.record(Duration.ofMillis(millis).toNanos(), 1);
		}
		HistogramSnapshot snapshot = histogram.snapshot(500_500_000_000L);
		assertThat(snapshot.count()).isEqualTo(1000);
		assertThat(snapshot.total()).isEqualTo(Duration.ofMillis(500_500));
		assertThat(snapshot.percentile(0.5)).isBetween(Duration.ofMillis(500), Duration.ofMillis(625));
		assertThat(snapshot.percentile(0.99)).isBetween(Duration.ofMillis(990), Duration.ofMillis(1238));
		assertThat(snapshot.percentile(1)).isBetween(Duration.ofMillis(1000), Duration.ofMillis(1250));
	}

	@Test
	void percentileOfNothingIsZero() {
		assertThat(new LogHistogram().snapshot(0).percentile(0.99)).isZero();
	}

	@Test
	void countsBelowAPowerOfTwoAreExact() {
		LogHistogram histogram = new LogHistogram();
		for (long nanos : new long[] { 0, 1023, 1024, 1500, 2047, 2048, 1L << 40 }) {
			histogram.record(nanos, 1);
		}
		HistogramSnapshot snapshot = histogram.snapshot(0);
		assertThat(snapshot.countBelowPowerOfTwo(10)).isEqualTo(2);
		assertThat(snapshot.countBelowPowerOfTwo(11)).isEqualTo(5);
		assertThat(snapshot.countBelowPowerOfTwo(36)).isEqualTo(6);
		assertThat(snapshot.count()).isEqualTo(7);
	}

	@Test
	void sumHoldsAllParts() {
		LogHistogram one = new LogHistogram();
		one.record(1024, 1);
		LogHistogram other = new LogHistogram();
		other.record(1024, 1);
		other.record(1_000_000, 1);
		other.add(one);
		HistogramSnapshot sum = HistogramSnapshot.sum(List.of(one.snapshot(1024), other.snapshot(5)));
		assertThat(sum.total()).isEqualTo(Duration.ofNanos(1029));
		assertThat(sum.buckets()).containsExactly(new HistogramSnapshot.Bucket(1280, 3),
				new HistogramSnapshot.Bucket(1L << 20, 1));
	}

}
