package dev.loopline.autoconfigure.metrics;

import java.util.concurrent.atomic.LongAdder;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import dev.loopline.autoconfigure.Refusals;

/**
 * Counts the requests that were refused by their routes.
 */
final class RefusalMetrics implements MeterBinder {

	private final Refusals refusals;

	RefusalMetrics(Refusals refusals) {
		this.refusals = refusals;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		TaskRuntimeMeters meter = TaskRuntimeMeters.BLOCKING_REFUSED;
		this.refusals
			.forEachRoute((route, count) -> FunctionCounter.builder(meter.getName(), count, LongAdder::doubleValue)
				.description(meter.getDescription())
				.tag(TaskRuntimeMeters.Tag.ROUTE.asString(), route)
				.register(registry));
	}

}
