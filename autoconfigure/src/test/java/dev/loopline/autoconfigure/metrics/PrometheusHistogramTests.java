package dev.loopline.autoconfigure.metrics;

import java.util.concurrent.CountDownLatch;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.NativeHistogramBucket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PrometheusHistogram}.
 */
class PrometheusHistogramTests {

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)));

	private final PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

	/** Kept here, as meters refer to it weakly. */
	private final TaskRuntimeMetrics metrics = new TaskRuntimeMetrics(this.runtime.diagnostics()::snapshot, () -> 0);

	@AfterEach
	void endRuntime() {
		this.runtime.close();
	}

	@Test
	void timersAreClassicHistograms() {
		this.metrics.bindTo(this.prometheus);
		assertThat(this.prometheus.scrape()).contains("# TYPE loopline_poll_time_seconds histogram")
			.contains("# HELP loopline_poll_time_seconds Time of polls on workers")
			.contains("loopline_poll_time_seconds_bucket{le=\"1.024E-6\"}")
			.contains("loopline_poll_time_seconds_bucket{le=\"17.179869184\"}")
			.contains("loopline_poll_time_seconds_bucket{le=\"+Inf\"}")
			.contains("loopline_schedule_latency_seconds_count")
			.contains("loopline_schedule_latency_seconds_sum")
			.contains("loopline_lane_poll_time_seconds_bucket");
	}

	@Test
	void classicAndNativeBucketsHaveAllDurations() throws InterruptedException {
		for (int i = 0; i < 200; i++) {
			CountDownLatch done = new CountDownLatch(1);
			this.runtime.execute(done::countDown);
			done.await();
		}
		this.metrics.bindTo(this.prometheus);
		HistogramDataPointSnapshot point = pollTime();
		long polls = this.metrics.histograms().get("loopline.poll.time").count();
		assertThat(polls).isGreaterThanOrEqualTo(199);
		assertThat(point.getCount()).isEqualTo(polls);
		assertThat(point.getNativeZeroCount()
				+ point.getNativeBucketsForPositiveValues().stream().mapToLong(NativeHistogramBucket::getCount).sum())
			.isEqualTo(polls);
		assertThat(point.getSum()).isPositive();
	}

	@Test
	void filtersHaveTheirSay() {
		this.prometheus.config()
			.commonTags("application", "shop")
			.meterFilter(MeterFilter.denyNameStartsWith("loopline.schedule"))
			.meterFilter(MeterFilter.replaceTagValues("application", (value) -> value + "s"));
		this.metrics.bindTo(this.prometheus);
		assertThat(pollTime().getLabels().get("application")).isEqualTo("shops");
		assertThat(this.prometheus.scrape()).doesNotContain("loopline_schedule_latency");
	}

	@Test
	void otherRegistriesOfACompositeKeepTheirTimers() {
		SimpleMeterRegistry simple = new SimpleMeterRegistry();
		CompositeMeterRegistry composite = new CompositeMeterRegistry(Clock.SYSTEM);
		composite.add(simple).add(this.prometheus);
		this.metrics.bindTo(composite);
		assertThat(simple.get("loopline.poll.time").functionTimer().getId().getTags()).isEmpty();
		assertThat(simple.get("loopline.worker.polls").functionCounter().getId().getTags())
			.containsExactly(Tag.of("worker", "0"));
		assertThat(pollTime().hasClassicHistogramData()).isTrue();
		assertThat(pollTime().hasNativeHistogramData()).isTrue();
	}

	private HistogramDataPointSnapshot pollTime() {
		HistogramSnapshot histogram = (HistogramSnapshot) this.prometheus.getPrometheusRegistry()
			.scrape("loopline_poll_time_seconds"::equals)
			.get(0);
		return histogram.getDataPoints().get(0);
	}

}
