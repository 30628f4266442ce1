package dev.loopline.autoconfigure.metrics;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.Type;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

import dev.loopline.runtime.HistogramSnapshot;
import dev.loopline.runtime.RuntimeSnapshot;
import dev.loopline.runtime.StrandKind;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.time.Ticker;

/**
 * Binds the {@link TaskRuntimeMeters}. Nothing is counted for them: they are read from a
 * snapshot when somebody asks. Safe for use by many threads.
 */
public final class TaskRuntimeMetrics implements MeterBinder {

	/** Buckets begin at a microsecond and end at 17 s, each twice as wide as the last. */
	private static final int FIRST_BUCKET = 10;

	private static final int LAST_BUCKET = 34;

	/** Meters refer to it weakly. */
	private final SnapshotCache snapshots;

	/**
	 * Creates meters.
	 * @param snapshots takes a snapshot of the runtime; called at most twice a second
	 */
	public TaskRuntimeMetrics(Supplier<RuntimeSnapshot> snapshots) {
		this(snapshots, Ticker.system());
	}

	TaskRuntimeMetrics(Supplier<RuntimeSnapshot> snapshots, Ticker ticker) {
		this.snapshots = new SnapshotCache(snapshots, ticker);
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		int workers = this.snapshots.get().workers().size();
		for (TaskRuntimeMeters meter : TaskRuntimeMeters.values()) {
			if (meter.ofRuntime != null) {
				bind(registry, meter, Tags.empty(), meter.ofRuntime);
			}
			if (meter.timer != null) {
				bindTimer(registry, meter, meter.timer);
			}
			if (meter.ofWorker != null) {
				for (int i = 0; i < workers; i++) {
					int index = i;
					bind(registry, meter, Tags.of(TaskRuntimeMeters.Tag.WORKER.asString(), String.valueOf(i)),
							(runtime) -> meter.ofWorker.applyAsDouble(runtime.workers().get(index)));
				}
			}
		}
		bindKinds(registry);
		bindBuckets(registry, TaskRuntimeMeters.SCHEDULE_LATENCY_BUCKET, RuntimeSnapshot::scheduleLatency);
		bindBuckets(registry, TaskRuntimeMeters.POLL_TIME_BUCKET, RuntimeSnapshot::pollTime);
	}

	private void bindKinds(MeterRegistry registry) {
		for (StrandKind kind : StrandKind.values()) {
			bindKind(registry, TaskRuntimeMeters.STRANDS_LIVE, kind,
					(runtime) -> runtime.strands().live().getOrDefault(kind, 0L));
		}
		for (Stall.Kind kind : Stall.Kind.values()) {
			bindKind(registry, TaskRuntimeMeters.STALLS, kind,
					(runtime) -> runtime.stalls().counts().getOrDefault(kind, 0L));
			bindKind(registry, TaskRuntimeMeters.STALLS_TIME, kind,
					(runtime) -> TaskRuntimeMeters.seconds(runtime.stalls().times().getOrDefault(kind, Duration.ZERO)));
		}
	}

	private void bindKind(MeterRegistry registry, TaskRuntimeMeters meter, Enum<?> kind,
			ToDoubleFunction<RuntimeSnapshot> value) {
		bind(registry, meter, Tags.of(TaskRuntimeMeters.Tag.KIND.asString(), kind.name().toLowerCase(Locale.ROOT)),
				value);
	}

	private void bindBuckets(MeterRegistry registry, TaskRuntimeMeters meter,
			Function<RuntimeSnapshot, HistogramSnapshot> histogram) {
		for (int i = FIRST_BUCKET; i <= LAST_BUCKET; i++) {
			int power = i;
			String bound = BigDecimal.valueOf(1L << power, 9).stripTrailingZeros().toPlainString();
			bind(registry, meter, Tags.of(TaskRuntimeMeters.Tag.LE.asString(), bound),
					(runtime) -> histogram.apply(runtime).countBelowPowerOfTwo(power));
		}
		bind(registry, meter, Tags.of(TaskRuntimeMeters.Tag.LE.asString(), "+Inf"),
				(runtime) -> histogram.apply(runtime).count());
	}

	private void bindTimer(MeterRegistry registry, TaskRuntimeMeters meter,
			Function<RuntimeSnapshot, HistogramSnapshot> histogram) {
		FunctionTimer
			.builder(meter.getName(), this.snapshots, (snapshots) -> histogram.apply(snapshots.get()).count(),
					(snapshots) -> histogram.apply(snapshots.get()).total().toNanos(), TimeUnit.NANOSECONDS)
			.description(meter.getDescription())
			.register(registry);
	}

	private void bind(MeterRegistry registry, TaskRuntimeMeters meter, Tags tags,
			ToDoubleFunction<RuntimeSnapshot> value) {
		if (meter.getType() == Type.COUNTER) {
			FunctionCounter
				.builder(meter.getName(), this.snapshots, (snapshots) -> value.applyAsDouble(snapshots.get()))
				.description(meter.getDescription())
				.baseUnit(meter.getBaseUnit())
				.tags(tags)
				.register(registry);
		}
		else {
			Gauge.builder(meter.getName(), this.snapshots, (snapshots) -> value.applyAsDouble(snapshots.get()))
				.description(meter.getDescription())
				.baseUnit(meter.getBaseUnit())
				.tags(tags)
				.register(registry);
		}
	}

}
