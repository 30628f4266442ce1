package dev.loopline.autoconfigure.limits;

import java.util.concurrent.atomic.LongAdder;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import dev.loopline.layers.ConcurrencyLimitLayer;

/**
 * Counts what became of requests at each limit.
 */
final class LimitMetrics implements MeterBinder {

	private final RequestLimits limits;

	LimitMetrics(RequestLimits limits) {
		this.limits = limits;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.limits.table().limits().forEach((limit) -> bind(limit, registry));
	}

	private static void bind(Limit limit, MeterRegistry registry) {
		for (LimitOutcome outcome : LimitOutcome.values()) {
			FunctionCounter.builder("loopline.limits.requests", limit.count(outcome), LongAdder::doubleValue)
				.description("Requests at a limit, by what became of them")
				.tag("limit", limit.name())
				.tag("outcome", outcome.tag())
				.register(registry);
		}
		SharedRate shared = limit.sharedRate();
		if (shared != null) {
			count(limit, "shared", shared.shared(), registry);
			count(limit, "local", shared.local(), registry);
		}
		ConcurrencyLimitLayer<?, ?> concurrency = limit.concurrency();
		if (concurrency != null) {
			Gauge.builder("loopline.limits.in-flight", concurrency, ConcurrencyLimitLayer::inFlight)
				.description("Requests that are handled and count for a limit")
				.tag("limit", limit.name())
				.register(registry);
			Gauge.builder("loopline.limits.max-concurrent", concurrency, ConcurrencyLimitLayer::maxConcurrent)
				.description("Requests that may be handled at a time for a limit")
				.tag("limit", limit.name())
				.register(registry);
			Gauge.builder("loopline.limits.queued", concurrency, ConcurrencyLimitLayer::queued)
				.description("Requests that wait, as a limit has been reached")
				.tag("limit", limit.name())
				.register(registry);
		}
	}

	private static void count(Limit limit, String source, LongAdder decisions, MeterRegistry registry) {
		FunctionCounter.builder("loopline.limits.shared-rate.decisions", decisions, LongAdder::doubleValue)
			.description("Decisions on a shared rate, by who made them: the store of all, or this instance without it")
			.tag("limit", limit.name())
			.tag("source", source)
			.register(registry);
	}

}
