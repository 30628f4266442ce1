package dev.loopline.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a {@link TaskRuntime} was doing at one moment. Immutable.
 *
 * @param flavour the flavour
 * @param uptime the time since the start
 * @param workers one view per worker
 * @param injectorDepth strands in the global queue
 * @param remoteSchedules strands that were scheduled from outside the workers, ever
 * @param parkedWorkers workers that sleep
 * @param searchingWorkers workers that look for work to steal
 * @param blockingThreads threads of the blocking pool
 * @param idleBlockingThreads those that wait for a job
 * @param blockingQueueDepth jobs that wait for a blocking thread
 * @param threadStartFailures times a blocking or a spare thread could not be started
 * @param handoffs times a worker was moved away from a stuck thread
 * @param exhaustions times it could not be, as no thread was spare
 * @param exhaustedFor how long all blocking threads have been busy while a stuck worker
 * waits for one, zero if none does
 * @param laneAdmissions polls of slow strands on threads beside the workers
 * @param laneDepth slow strands that wait for such a thread
 * @param lanePollTime how long those polls took
 * @param stalls polls that outlasted the stall threshold, by kind
 * @param stallTime how long those lasted
 * @param strands strands that are alive, by kind
 * @param strandsListed strands that were ever listed
 * @param tasksSpawned tasks that were spawned, ever
 * @param tasksLive tasks that have not ended
 * @param tasksSuspended those of them that have waited or wait for something
 * @param tasksFailed tasks that ended with an exception, ever
 */
public record RuntimeSnapshot(TaskRuntimeConfig.Flavour flavour, Duration uptime, List<WorkerSnapshot> workers,
		int injectorDepth, long remoteSchedules, int parkedWorkers, int searchingWorkers, int blockingThreads,
		int idleBlockingThreads, int blockingQueueDepth, long threadStartFailures, long handoffs, long exhaustions,
		Duration exhaustedFor, long laneAdmissions, int laneDepth, HistogramSnapshot lanePollTime,
		Map<Stall.Kind, Long> stalls, Map<Stall.Kind, Duration> stallTime, Map<StrandKind, Long> strands,
		long strandsListed, long tasksSpawned, long tasksLive, int tasksSuspended, long tasksFailed) {

	/**
	 * Returns how long strands waited for a worker.
	 * @return a histogram over all workers
	 */
	public HistogramSnapshot scheduleLatency() {
		return HistogramSnapshot.sum(this.workers.stream().map(WorkerSnapshot::scheduleLatency).toList());
	}

	/**
	 * Returns how long polls on workers took.
	 * @return a histogram over all workers
	 */
	public HistogramSnapshot pollTime() {
		return HistogramSnapshot.sum(this.workers.stream().map(WorkerSnapshot::pollTime).toList());
	}

}
