package dev.loopline.autoconfigure.metrics;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.HistogramSnapshot;
import dev.loopline.runtime.RuntimeSnapshot;

/**
 * A histogram of the runtime as Prometheus wants it, classic and native: Micrometer's
 * meters can only count what happens one by one. Safe for use by many threads.
 */
final class PrometheusHistogram implements Collector {

	/**
	 * Four buckets for each doubling, as the runtime has them; bounds are powers of two.
	 */
	private static final int SCHEMA = 2;

	/** The runtime tells no shorter durations apart. */
	private static final long SHORTEST_NANOS = 1L << HistogramBounds.FIRST_POWER;

	/** From the upper bound of a bucket to its middle. */
	private static final double TO_MIDDLE = 0.9;

	private final MetricMetadata metadata;

	private final Labels labels;

	private final WeakReference<SnapshotCache> snapshots;

	private final Function<RuntimeSnapshot, HistogramSnapshot> histogram;

	private PrometheusHistogram(Meter.Id id, NamingConvention convention, SnapshotCache snapshots,
			Function<RuntimeSnapshot, HistogramSnapshot> histogram) {
		this.metadata = new MetricMetadata(id.getConventionName(convention),
				(id.getDescription() != null) ? id.getDescription() : " ");
		this.labels = Labels.of(id.getConventionTags(convention).stream().map((tag) -> tag.getKey()).toList(),
				id.getConventionTags(convention).stream().map((tag) -> tag.getValue()).toList());
		this.snapshots = new WeakReference<>(snapshots);
		this.histogram = histogram;
	}

	static boolean isFor(MeterRegistry registry) {
		return registry instanceof PrometheusMeterRegistry;
	}

	/**
	 * Puts a histogram in the place of a timer, whose name and tags filters have had
	 * their say on. A timer that they deny has no place.
	 */
	static void replace(Meter timer, MeterRegistry registry, SnapshotCache snapshots,
			Function<RuntimeSnapshot, HistogramSnapshot> histogram) {
		if (registry.remove(timer) != null && registry instanceof PrometheusMeterRegistry prometheus) {
			prometheus.getPrometheusRegistry()
				.register(new PrometheusHistogram(timer.getId(), registry.config().namingConvention(), snapshots,
						histogram));
		}
	}

	@Override
	@SuppressWarnings("NullAway") // a registry leaves null out
	public @Nullable MetricSnapshot collect() {
		SnapshotCache snapshots = this.snapshots.get();
		if (snapshots == null) {
			return null;
		}
		HistogramSnapshot durations = this.histogram.apply(snapshots.get());
		HistogramDataPointSnapshot.Builder point = HistogramDataPointSnapshot.builder()
			.classicHistogramBuckets(classic(durations))
			.nativeSchema(SCHEMA)
			.nativeZeroThreshold(SHORTEST_NANOS / 1e9)
			.nativeZeroCount(durations.countBelowPowerOfTwo(HistogramBounds.FIRST_POWER))
			.nativeBucketsForPositiveValues(exponential(durations));
		point.sum(TaskRuntimeMeters.seconds(durations.total()));
		point.labels(this.labels);
		return io.prometheus.metrics.model.snapshots.HistogramSnapshot.builder()
			.name(this.metadata.getName())
			.help(this.metadata.getHelp())
			.dataPoint(point.build())
			.build();
	}

	private static ClassicHistogramBuckets classic(HistogramSnapshot durations) {
		double[] bounds = HistogramBounds.in(1e9);
		double[] withInfinity = new double[bounds.length + 1];
		System.arraycopy(bounds, 0, withInfinity, 0, bounds.length);
		withInfinity[bounds.length] = Double.POSITIVE_INFINITY;
		return ClassicHistogramBuckets.of(withInfinity, HistogramBounds.counts(durations));
	}

	/**
	 * Returns the buckets between the powers of two seconds, as opposed to those of
	 * nanoseconds: each goes where its middle is.
	 */
	private static NativeHistogramBuckets exponential(HistogramSnapshot durations) {
		Map<Integer, Long> counts = new TreeMap<>();
		for (HistogramSnapshot.Bucket bucket : durations.buckets()) {
			if (bucket.upperNanos() > SHORTEST_NANOS) {
				double seconds = TO_MIDDLE * Math.min(bucket.upperNanos(), HistogramSnapshot.LONGEST_NANOS) / 1e9;
				int index = (int) Math.ceil((1 << SCHEMA) * Math.log(seconds) / Math.log(2));
				counts.merge(index, bucket.count(), Long::sum);
			}
		}
		NativeHistogramBuckets.Builder buckets = NativeHistogramBuckets.builder();
		counts.forEach(buckets::bucket);
		return buckets.build();
	}

}
