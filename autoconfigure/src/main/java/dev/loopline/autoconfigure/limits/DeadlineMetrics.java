package dev.loopline.autoconfigure.limits;

import java.util.concurrent.atomic.LongAdder;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Counts requests that had a deadline, and those that it passed.
 */
final class DeadlineMetrics implements MeterBinder {

	private final DeadlineCounts counts;

	DeadlineMetrics(DeadlineCounts counts) {
		this.counts = counts;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		FunctionCounter.builder("loopline.deadlines.requests", this.counts.requests(), LongAdder::doubleValue)
			.description("Requests whose headers say for how long somebody waits for the answer")
			.register(registry);
		FunctionCounter.builder("loopline.deadlines.passed", this.counts.passed(), LongAdder::doubleValue)
			.description("Requests that were given up as nobody waits for their answer any more")
			.register(registry);
	}

}
