package dev.loopline.autoconfigure.webclient;

import java.util.concurrent.atomic.LongAdder;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Counts what became of requests that were to be sent.
 */
final class ClientLimitMetrics implements MeterBinder {

	private final ClientLimits limits;

	ClientLimitMetrics(ClientLimits limits) {
		this.limits = limits;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.limits.limits().forEach((limit) -> bind(limit, registry));
	}

	private static void bind(ClientLimit limit, MeterRegistry registry) {
		limit.counts().forEach((outcome, count) -> {
			boolean attempt = outcome.isOfAnAttempt();
			FunctionCounter
				.builder(attempt ? "loopline.client.attempts" : "loopline.client.requests", count,
						LongAdder::doubleValue)
				.description(attempt ? "Further attempts of requests, by what became of them"
						: "Requests to hosts that have limits, by what became of them")
				.tag("limit", limit.name())
				.tag("outcome", outcome.tag())
				.register(registry);
		});
		if (limit.learnsConcurrency()) {
			Gauge.builder("loopline.client.in-flight", limit, ClientLimit::inFlight)
				.description("Requests that have been sent and count for a limit")
				.tag("limit", limit.name())
				.register(registry);
			Gauge.builder("loopline.client.max-concurrent", limit, ClientLimit::maxConcurrent)
				.description("Requests that there may be at a time, of all hosts together")
				.tag("limit", limit.name())
				.register(registry);
		}
	}

}
