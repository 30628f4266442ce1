package dev.loopline.autoconfigure.actuate;

import java.util.List;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The last quarter of an hour as JSON: a number per step, the last one for the step that
 * is not over.
 *
 * @param busyThreads the most threads for work that blocks that were taken at a time
 * @param waiting the most that waited for one at a time
 * @param foreign threads of other libraries that the application has kept in that time
 */
record HistoryDescriptor(long timestamp, long stepMillis, int[] stalls, int[] refused, int[] exhaustions,
		int[] busyThreads, int[] waiting, List<StallsDescriptor.Running> running, List<Entry> culprits,
		List<LoopsDescriptor.Pool> foreign) implements OperationResponseBody {

	/**
	 * A culprit of that time.
	 *
	 * @param recent its stalls of that time
	 */
	record Entry(long recent, int[] steps, StallsDescriptor.CulpritDescriptor culprit) {
	}

}
