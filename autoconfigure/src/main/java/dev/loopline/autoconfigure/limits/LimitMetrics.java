package dev.loopline.autoconfigure.limits;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import dev.loopline.layers.ConcurrencyLimitLayer;

/**
 * Counts what became of requests at each limit. Those of one name count together.
 */
final class LimitMetrics implements MeterBinder {

	private final RequestLimits limits;

	LimitMetrics(RequestLimits limits) {
		this.limits = limits;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.limits.table()
			.limits()
			.stream()
			.collect(Collectors.groupingBy(Limit::name))
			.forEach((name, alike) -> bind(name, alike, registry));
	}

	private void bind(String name, List<Limit> alike, MeterRegistry registry) {
		for (LimitOutcome outcome : LimitOutcome.values()) {
			count("loopline.limits.requests", "Requests at a limit, by what became of them",
					all(alike, (limit) -> limit.count(outcome)))
				.tag("limit", name)
				.tag("outcome", outcome.tag())
				.register(registry);
		}
		List<SharedRate> shared = all(alike, Limit::sharedRate);
		if (!shared.isEmpty()) {
			decisions("shared", name, all(shared, SharedRate::shared), registry);
			decisions("local", name, all(shared, SharedRate::local), registry);
		}
		List<? extends ConcurrencyLimitLayer<?, ?>> concurrency = all(alike, Limit::concurrency);
		if (!concurrency.isEmpty()) {
			gauge("loopline.limits.in-flight", concurrency, ConcurrencyLimitLayer::inFlight)
				.description("Requests that are handled and count for a limit")
				.tag("limit", name)
				.register(registry);
			gauge("loopline.limits.max-concurrent", concurrency, ConcurrencyLimitLayer::maxConcurrent)
				.description("Requests that may be handled at a time for a limit")
				.tag("limit", name)
				.register(registry);
			gauge("loopline.limits.queued", concurrency, ConcurrencyLimitLayer::queued)
				.description("Requests that wait, as a limit has been reached")
				.tag("limit", name)
				.register(registry);
		}
	}

	private void decisions(String source, String name, List<LongAdder> decisions, MeterRegistry registry) {
		count("loopline.limits.shared-rate.decisions",
				"Decisions on a shared rate, by who made them: the store of all, or this instance without it",
				decisions)
			.tag("limit", name)
			.tag("source", source)
			.register(registry);
	}

	private FunctionCounter.Builder<?> count(String meter, String description, List<LongAdder> counts) {
		return FunctionCounter
			.builder(meter, this.limits, (limits) -> counts.stream().mapToDouble(LongAdder::doubleValue).sum())
			.description(description);
	}

	private <T> Gauge.Builder<?> gauge(String meter, List<? extends T> layers, ToDoubleFunction<T> value) {
		return Gauge.builder(meter, this.limits, (limits) -> layers.stream().mapToDouble(value).sum());
	}

	private static <S, T> List<T> all(List<S> of, Function<S, @Nullable T> what) {
		return of.stream().map(what).filter(Objects::nonNull).toList();
	}

}
