package dev.loopline.autoconfigure.actuate;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import dev.loopline.runtime.stall.CulpritSamples;
import dev.loopline.runtime.stall.SampledFrame;
import dev.loopline.runtime.stall.Stalls;

/**
 * The stacks of the culprits, merged, as JSON: what a flame graph is made of.
 */
record SamplesDescriptor(List<Entry> culprits) implements OperationResponseBody {

	static SamplesDescriptor of(Stalls stalls) {
		return new SamplesDescriptor(
				stalls.samples().stream().limit(RuntimeHistory.MAX_CULPRITS).map(Entry::of).toList());
	}

	/**
	 * A culprit.
	 *
	 * @param samples the stacks that were looked at
	 * @param callees the outermost frames of the application
	 */
	record Entry(String method, @Nullable String frame, @Nullable String route, @Nullable String handler,
			@Nullable String task, long samples, List<SampledFrame> callees) {

		static Entry of(CulpritSamples culprit) {
			return new Entry(culprit.method(), (culprit.frame() != null) ? culprit.frame().toString() : null,
					culprit.work().route(), culprit.work().handler(), culprit.work().task(), culprit.samples(),
					culprit.callees());
		}

	}

}
