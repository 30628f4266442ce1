package dev.loopline.autoconfigure.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import io.micrometer.core.instrument.Clock;
import io.micrometer.registry.otlp.AggregationTemporality;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.micrometer.registry.otlp.OtlpMetricsSender;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OtlpHistograms}.
 */
class OtlpHistogramsTests {

	private static final int BUCKETS = HistogramBounds.LAST_POWER - HistogramBounds.FIRST_POWER + 2;

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)));

	private long nanos;

	/** Kept here, as meters refer to it weakly. */
	private final TaskRuntimeMetrics metrics = new TaskRuntimeMetrics(this.runtime.diagnostics()::snapshot,
			() -> this.nanos);

	private final List<ExportMetricsServiceRequest> sent = new ArrayList<>();

	private final OtlpHistograms sender = new OtlpHistograms(
			(request) -> this.sent.add(ExportMetricsServiceRequest.parseFrom(request.getMetricsData())),
			this.metrics::histograms);

	@AfterEach
	void endRuntime() {
		this.runtime.close();
	}

	@Test
	void cumulativeTimersGetTheirBuckets() throws InterruptedException {
		OtlpMeterRegistry registry = registry(AggregationTemporality.CUMULATIVE);
		this.metrics.bindTo(registry);
		work(150);
		registry.close();
		HistogramDataPoint point = pollTime();
		assertThat(point.getBucketCountsCount()).isEqualTo(BUCKETS);
		assertThat(point.getExplicitBoundsCount()).isEqualTo(BUCKETS - 1);
		assertThat(point.getExplicitBounds(0)).isEqualTo(0.001024); // ms
		assertThat(point.getCount()).isGreaterThanOrEqualTo(149)
			.isEqualTo(point.getBucketCountsList().stream().mapToLong(Long::longValue).sum());
		assertThat(point.getSum()).isPositive();
		assertThat(point.getAttributes(0).getKey()).isEqualTo("application");
	}

	@Test
	void otherMetersAreSentAsTheyAre() throws InterruptedException {
		OtlpMeterRegistry registry = registry(AggregationTemporality.CUMULATIVE);
		this.metrics.bindTo(registry);
		registry.timer("mine").record(Duration.ofMillis(3));
		registry.close();
		assertThat(metric("mine").getHistogram().getDataPoints(0).getBucketCountsCount()).isZero();
		assertThat(metric("loopline.workers").getGauge().getDataPoints(0).getAsDouble()).isEqualTo(1);
	}

	@Test
	void deltasAreWhatHasComeSince() throws Exception {
		byte[] delta = ExportMetricsServiceRequest.newBuilder()
			.addResourceMetrics(ResourceMetrics.newBuilder()
				.addScopeMetrics(ScopeMetrics.newBuilder()
					.addMetrics(Metric.newBuilder()
						.setName("loopline.poll.time")
						.setUnit("seconds")
						.setHistogram(Histogram.newBuilder()
							.setAggregationTemporalityValue(1)
							.addDataPoints(HistogramDataPoint.newBuilder())))))
			.build()
			.toByteArray();
		OtlpMetricsSender.Request request = OtlpMetricsSender.Request.builder(delta)
			.address("http://127.0.0.1")
			.headers(Map.of("key", "value"))
			.build();
		work(100);
		this.sender.send(request);
		long before = this.metrics.histograms().get("loopline.poll.time").count();
		work(50);
		this.sender.send(request);
		long after = this.metrics.histograms().get("loopline.poll.time").count();
		assertThat(counts(0)).isEqualTo(before);
		assertThat(counts(1)).isEqualTo(after - before).isGreaterThanOrEqualTo(49);
		assertThat(this.sent.get(0)
			.getResourceMetrics(0)
			.getScopeMetrics(0)
			.getMetrics(0)
			.getHistogram()
			.getDataPoints(0)
			.getExplicitBounds(0)).isEqualTo(1.024e-6);
	}

	@Test
	void senderOfTheApplicationIsCompleted() {
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(TaskRuntimeMetricsAutoConfiguration.Otlp.class))
			.withBean("sender", OtlpMetricsSender.class, () -> (request) -> {
			})
			.run((context) -> assertThat(context.getBean("sender")).isInstanceOf(OtlpHistograms.class));
	}

	private void work(int times) throws InterruptedException {
		for (int i = 0; i < times; i++) {
			CountDownLatch done = new CountDownLatch(1);
			this.runtime.execute(done::countDown);
			done.await();
		}
		this.nanos += SnapshotCache.LIFE.toNanos() + 1;
	}

	private OtlpMeterRegistry registry(AggregationTemporality temporality) {
		OtlpMeterRegistry registry = OtlpMeterRegistry.builder(new OtlpConfig() {

			@Override
			public String get(String key) {
				return null;
			}

			@Override
			public AggregationTemporality aggregationTemporality() {
				return temporality;
			}

		}).clock(Clock.SYSTEM).metricsSender(this.sender).build();
		registry.config().commonTags("application", "shop");
		return registry;
	}

	private HistogramDataPoint pollTime() {
		return metric("loopline.poll.time").getHistogram().getDataPoints(0);
	}

	private Metric metric(String name) {
		return this.sent.get(this.sent.size() - 1)
			.getResourceMetrics(0)
			.getScopeMetrics(0)
			.getMetricsList()
			.stream()
			.filter((metric) -> metric.getName().equals(name))
			.findFirst()
			.orElseThrow();
	}

	private long counts(int request) {
		HistogramDataPoint point = this.sent.get(request)
			.getResourceMetrics(0)
			.getScopeMetrics(0)
			.getMetrics(0)
			.getHistogram()
			.getDataPoints(0);
		assertThat(point.getCount()).isEqualTo(point.getBucketCountsList().stream().mapToLong(Long::longValue).sum());
		return point.getCount();
	}

}
