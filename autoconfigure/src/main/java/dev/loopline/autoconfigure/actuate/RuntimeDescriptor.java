package dev.loopline.autoconfigure.actuate;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import dev.loopline.autoconfigure.limits.LimitSnapshot;
import dev.loopline.autoconfigure.overload.Admission;
import dev.loopline.runtime.HistogramSnapshot;
import dev.loopline.runtime.RuntimeSnapshot;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.WorkerSnapshot;

/**
 * A runtime as JSON. Times are in nanoseconds.
 */
record RuntimeDescriptor(long timestamp, String flavour, long uptimeNanos, int processors, int parkedWorkers,
		int searchingWorkers, int injectorDepth, long remoteSchedules, long handoffs, long exhaustions,
		long exhaustedForNanos, Map<String, Long> stalls, Lane lane, Blocking blocking, Map<String, Long> strands,
		long strandsListed, Histogram scheduleLatency, Histogram pollTime, List<Worker> workers,
		List<LimitSnapshot> limits, Config config,
		Admission.@Nullable Snapshot overload) implements OperationResponseBody {

	static RuntimeDescriptor of(RuntimeSnapshot runtime, TaskRuntimeConfig config, long refused,
			List<LimitSnapshot> limits, Admission.@Nullable Snapshot overload, long timestamp) {
		Map<String, Long> strands = new TreeMap<>();
		runtime.strands().live().forEach((kind, count) -> strands.put(lowerCase(kind), count));
		Map<String, Long> stalls = new TreeMap<>();
		runtime.stalls().counts().forEach((kind, count) -> stalls.put(lowerCase(kind), count));
		return new RuntimeDescriptor(timestamp, lowerCase(runtime.flavour()), runtime.uptime().toNanos(),
				runtime.scheduling().processors(), runtime.scheduling().parkedWorkers(),
				runtime.scheduling().searchingWorkers(), runtime.scheduling().injectorDepth(),
				runtime.scheduling().remoteSchedules(), runtime.handoffs().count(), runtime.handoffs().exhaustions(),
				runtime.handoffs().exhaustedFor().toNanos(), stalls,
				new Lane(lowerCase(runtime.lane().carriers()), runtime.lane().virtualThreads(), runtime.lane().depth(),
						runtime.lane().admissions(), Histogram.of(runtime.lane().pollTime())),
				new Blocking(runtime.blocking().threads(), runtime.blocking().idleThreads(),
						runtime.blocking().queueDepth(), refused),
				strands, runtime.strands().listed(), Histogram.of(runtime.scheduleLatency()),
				Histogram.of(runtime.pollTime()), runtime.workers().stream().map(Worker::of).toList(), limits,
				Config.of(config), overload);
	}

	static String lowerCase(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * Polls beside the workers.
	 */
	record Lane(String carriers, int virtualThreads, int depth, long admissions, Histogram pollTime) {
	}

	/**
	 * Threads for work that blocks.
	 */
	record Blocking(int threads, int idleThreads, int queueDepth, long refused) {
	}

	/**
	 * Durations; a bucket is the bound that its durations did not reach and their number,
	 * and a bound of -1 is none.
	 */
	record Histogram(long count, long totalNanos, List<long[]> buckets) {

		static Histogram of(HistogramSnapshot histogram) {
			return new Histogram(histogram.count(), histogram.total().toNanos(),
					histogram.buckets().stream().map(Histogram::bucket).toList());
		}

		private static long[] bucket(HistogramSnapshot.Bucket bucket) {
			long bound = bucket.upperNanos();
			return new long[] { (bound == Long.MAX_VALUE) ? -1 : bound, bucket.count() };
		}

	}

	/**
	 * A worker.
	 */
	record Worker(int index, String thread, long busyNanos, long runningForNanos, long polls, long parks, long noops,
			long steals, long stealOperations, long localSchedules, long overflows, long yields, long driverPolls,
			long peerDriverPolls, long driverWakeups, long ioEvents, long ioRegistered, long ioMutes, int queueDepth,
			int timersArmed) implements OperationResponseBody {

		static Worker of(WorkerSnapshot worker) {
			return new Worker(worker.index(), worker.thread(), worker.busy().toNanos(), worker.runningFor().toNanos(),
					worker.polls().count(), worker.search().parks(), worker.search().noops(), worker.search().steals(),
					worker.search().stealOperations(), worker.queue().localSchedules(), worker.queue().overflows(),
					worker.polls().yields(), worker.io().polls(), worker.io().peerPolls(),
					worker.io().driver().wakeups(), worker.io().events(), worker.io().driver().registered(),
					worker.io().driver().mutes(), worker.queue().depth(), worker.io().timersArmed());
		}

	}

	/**
	 * The configuration in force.
	 */
	record Config(int workers, int globalQueueInterval, int eventInterval, Duration idleSpin, int coopBudget,
			Duration coopQuantum, int blockingMaxThreads, int blockingQueueCapacity, Duration blockingKeepAlive,
			Duration stallThreshold) {

		static Config of(TaskRuntimeConfig config) {
			return new Config(config.workers(), config.globalQueueInterval(), config.eventInterval(), config.idleSpin(),
					config.budget(), config.quantum(), config.blockingThreads(), config.blockingQueueCapacity(),
					config.blockingKeepAlive(), config.stallThreshold());
		}

	}

}
