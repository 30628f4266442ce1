package dev.loopline.autoconfigure.metrics;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import com.google.protobuf.InvalidProtocolBufferException;
import io.micrometer.registry.otlp.OtlpMetricsSender;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.HistogramSnapshot;

/**
 * Gives the timers of the runtime their buckets on the way to a collector: Micrometer's
 * registry knows their counts and sums, and sends histograms without bounds. Safe for use
 * by many threads.
 */
final class OtlpHistograms implements OtlpMetricsSender {

	private final OtlpMetricsSender delegate;

	private final Supplier<Map<String, HistogramSnapshot>> histograms;

	/** What was sent last, for those who want to know what has come since. */
	private final Map<String, long[]> sent = new ConcurrentHashMap<>();

	/**
	 * Creates a sender.
	 * @param delegate sends what this one has completed
	 * @param histograms the histograms by the names of their meters
	 */
	OtlpHistograms(OtlpMetricsSender delegate, Supplier<Map<String, HistogramSnapshot>> histograms) {
		this.delegate = delegate;
		this.histograms = histograms;
	}

	@Override
	public void send(Request request) throws Exception {
		Request.Builder completed = Request.builder(completed(request.getMetricsData()))
			.headers(request.getHeaders())
			.compressionMode(request.getCompressionMode());
		String address = request.getAddress();
		this.delegate.send(((address != null) ? completed.address(address) : completed).build());
	}

	private byte[] completed(byte[] data) throws InvalidProtocolBufferException {
		Map<String, HistogramSnapshot> histograms = this.histograms.get();
		ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.parseFrom(data).toBuilder();
		for (ResourceMetrics.Builder resource : request.getResourceMetricsBuilderList()) {
			for (ScopeMetrics.Builder scope : resource.getScopeMetricsBuilderList()) {
				for (Metric.Builder metric : scope.getMetricsBuilderList()) {
					HistogramSnapshot durations = histograms.get(metric.getName());
					if (durations != null && metric.hasHistogram()) {
						complete(metric, durations);
					}
				}
			}
		}
		return request.build().toByteArray();
	}

	private void complete(Metric.Builder metric, HistogramSnapshot durations) {
		Histogram.Builder histogram = metric.getHistogramBuilder();
		long[] counts = HistogramBounds.counts(durations);
		if (histogram.getAggregationTemporality() == AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA) {
			counts = since(this.sent.put(metric.getName(), counts), counts);
		}
		double nanos = TimeUnit.valueOf(metric.getUnit().toUpperCase(Locale.ROOT)).toNanos(1);
		for (HistogramDataPoint.Builder point : histogram.getDataPointsBuilderList()) {
			point.clearExplicitBounds().clearBucketCounts().setCount(0);
			for (double bound : HistogramBounds.in(nanos)) {
				point.addExplicitBounds(bound);
			}
			for (long count : counts) {
				point.addBucketCounts(count).setCount(point.getCount() + count);
			}
		}
	}

	private static long[] since(long @Nullable [] before, long[] now) {
		long[] counts = now.clone();
		for (int i = 0; before != null && i < counts.length; i++) {
			counts[i] = Math.max(0, counts[i] - before[i]); // a new runtime begins at
															// zero
		}
		return counts;
	}

}
