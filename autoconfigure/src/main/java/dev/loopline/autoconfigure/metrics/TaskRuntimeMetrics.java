package dev.loopline.autoconfigure.metrics;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import org.springframework.util.ClassUtils;

import dev.loopline.runtime.HistogramSnapshot;
import dev.loopline.runtime.RuntimeSnapshot;
import dev.loopline.runtime.RuntimeSnapshot.StallTotals;
import dev.loopline.runtime.StrandKind;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.time.Ticker;

/**
 * Binds the {@link TaskRuntimeMeters}. Nothing is counted for them: they are read from a
 * snapshot when somebody asks. Safe for use by many threads.
 */
public final class TaskRuntimeMetrics implements MeterBinder {

	private static final boolean PROMETHEUS = ClassUtils
		.isPresent("io.micrometer.prometheusmetrics.PrometheusMeterRegistry", null);

	/** Meters refer to it weakly. */
	private final SnapshotCache snapshots;

	/** The routes and libraries that have a meter, by registry. */
	private final Map<MeterRegistry, Set<Tags>> named = new ConcurrentHashMap<>();

	/**
	 * Creates meters.
	 * @param snapshots takes a snapshot of the runtime; called at most twice a second
	 */
	public TaskRuntimeMetrics(Supplier<RuntimeSnapshot> snapshots) {
		this(snapshots, Ticker.system());
	}

	TaskRuntimeMetrics(Supplier<RuntimeSnapshot> snapshots, Ticker ticker) {
		this.snapshots = new SnapshotCache(() -> bindNew(snapshots.get()), ticker);
	}

	/**
	 * Returns the histograms by the names of their meters.
	 */
	Map<String, HistogramSnapshot> histograms() {
		RuntimeSnapshot runtime = this.snapshots.get();
		Map<String, HistogramSnapshot> histograms = new HashMap<>();
		for (TaskRuntimeMeters meter : TaskRuntimeMeters.values()) {
			if (meter.timer != null) {
				histograms.put(meter.getName(), meter.timer.apply(runtime));
			}
		}
		return histograms;
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
		this.named.put(registry, ConcurrentHashMap.newKeySet());
		bindNew(this.snapshots.get());
	}

	/**
	 * Gives a meter to each route and library that is new. It shows itself at the next
	 * scrape.
	 */
	private RuntimeSnapshot bindNew(RuntimeSnapshot runtime) {
		bindNew(runtime.stalls(), TaskRuntimeMeters.STALLS_ROUTE, TaskRuntimeMeters.Tag.ROUTE, StallTotals::routes);
		bindNew(runtime.stalls(), TaskRuntimeMeters.FOREIGN_STALLS, TaskRuntimeMeters.Tag.LIBRARY,
				StallTotals::foreign);
		return runtime;
	}

	private void bindNew(StallTotals stalls, TaskRuntimeMeters meter, TaskRuntimeMeters.Tag tag,
			Function<StallTotals, Map<String, Long>> counts) {
		this.named.forEach((registry, known) -> counts.apply(stalls).keySet().forEach((name) -> {
			Tags tags = Tags.of(tag.asString(), name);
			if (known.add(tags)) {
				bind(registry, meter, tags, (runtime) -> counts.apply(runtime.stalls()).getOrDefault(name, 0L));
			}
		}));
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

	/**
	 * Binds to each registry of a composite for itself if one of them wants a histogram.
	 */
	private void bindTimer(MeterRegistry registry, TaskRuntimeMeters meter,
			Function<RuntimeSnapshot, HistogramSnapshot> histogram) {
		if (registry instanceof CompositeMeterRegistry composite
				&& composite.getRegistries().stream().anyMatch(TaskRuntimeMetrics::isPrometheus)) {
			composite.getRegistries().forEach((each) -> bindTimer(each, meter, histogram));
			return;
		}
		FunctionTimer timer = FunctionTimer
			.builder(meter.getName(), this.snapshots, (snapshots) -> histogram.apply(snapshots.get()).count(),
					(snapshots) -> histogram.apply(snapshots.get()).total().toNanos(), TimeUnit.NANOSECONDS)
			.description(meter.getDescription())
			.register(registry);
		if (isPrometheus(registry)) {
			PrometheusHistogram.replace(timer, registry, this.snapshots, histogram);
		}
	}

	private static boolean isPrometheus(MeterRegistry registry) {
		return PROMETHEUS && PrometheusHistogram.isFor(registry);
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
