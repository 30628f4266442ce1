package dev.loopline.autoconfigure.overload;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Counts the requests that were refused, and shows why.
 */
final class OverloadMetrics implements MeterBinder {

	private final Admission admission;

	OverloadMetrics(Admission admission) {
		this.admission = admission;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (RequestPriority priority : RequestPriority.values()) {
			FunctionCounter
				.builder("loopline.overload.refused", this.admission, (admission) -> admission.refused(priority))
				.description("Requests that were refused as the server was overloaded")
				.tag("priority", priority.label)
				.register(registry);
		}
		Gauge.builder("loopline.overload.admitted", this.admission, Admission::share)
			.description("Share of the requests that is served")
			.register(registry);
		Gauge.builder("loopline.overload.delay", this.admission, Admission::delaySeconds)
			.description("Shortest time that queued work waited for a worker in the last tenth of a second")
			.baseUnit("seconds")
			.register(registry);
	}

}
