package dev.loopline.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.loopline.runtime.stall.Stall;

/**
 * What a {@link TaskRuntime} was doing at one moment. Immutable.
 *
 * @param flavour the flavour
 * @param uptime the time since the start
 * @param workers one view per worker
 * @param scheduling what workers share
 * @param handoffs how workers were moved away from stuck threads
 * @param blocking the pool for work that blocks
 * @param lane the lane beside the workers
 * @param stalls the stalls
 * @param strands the strands
 * @param tasks the tasks
 */
public record RuntimeSnapshot(TaskRuntimeConfig.Flavour flavour, Duration uptime, List<WorkerSnapshot> workers,
		Scheduling scheduling, Handoffs handoffs, Blocking blocking, Lane lane, StallTotals stalls,
		StrandTotals strands, TaskTotals tasks) {

	/**
	 * Returns how long strands waited for a worker.
	 * @return a histogram over all workers
	 */
	public HistogramSnapshot scheduleLatency() {
		return HistogramSnapshot.sum(this.workers.stream().map((worker) -> worker.queue().latency()).toList());
	}

	/**
	 * Returns how long polls on workers took.
	 * @return a histogram over all workers
	 */
	public HistogramSnapshot pollTime() {
		return HistogramSnapshot.sum(this.workers.stream().map((worker) -> worker.polls().time()).toList());
	}

	/**
	 * What the workers share.
	 *
	 * @param processors the processors that there are for them now
	 * @param injectorDepth strands in the global queue
	 * @param remoteSchedules strands that were scheduled from outside the workers, ever
	 * @param parkedWorkers workers that sleep
	 * @param searchingWorkers workers that look for work to steal
	 */
	public record Scheduling(int processors, int injectorDepth, long remoteSchedules, int parkedWorkers,
			int searchingWorkers) {
	}

	/**
	 * How workers were moved away from stuck threads.
	 *
	 * @param count times that one was
	 * @param exhaustions times it could not be, as no thread was spare
	 * @param exhaustedFor how long all blocking threads have been busy while a stuck
	 * worker or a slow strand waits for one, zero if none does
	 */
	public record Handoffs(long count, long exhaustions, Duration exhaustedFor) {
	}

	/**
	 * The pool for work that blocks.
	 *
	 * @param threads its threads
	 * @param idleThreads those that wait for a job
	 * @param queueDepth jobs that wait for a thread
	 * @param startFailures times a blocking or a spare thread could not be started
	 */
	public record Blocking(int threads, int idleThreads, int queueDepth, long startFailures) {
	}

	/**
	 * The lane of slow strands, on threads beside the workers.
	 *
	 * @param carriers what carries those of them that block
	 * @param virtualThreads virtual threads that run some
	 * @param depth slow strands that wait for such a thread
	 * @param admissions polls of slow strands there
	 * @param pollTime how long those polls took
	 */
	public record Lane(BlockingCarriers carriers, int virtualThreads, int depth, long admissions,
			HistogramSnapshot pollTime) {
	}

	/**
	 * The polls that outlasted the stall threshold.
	 *
	 * @param counts how many, by kind
	 * @param times how long they lasted, by kind
	 * @param routes how many of them have ended, by route where that is known: a hundred
	 * routes, and what comes after them as <code>others</code>
	 * @param foreign how often the application kept a thread of another library for as
	 * long, by library; not among the others
	 */
	public record StallTotals(Map<Stall.Kind, Long> counts, Map<Stall.Kind, Duration> times, Map<String, Long> routes,
			Map<String, Long> foreign) {
	}

	/**
	 * The strands that are listed.
	 *
	 * @param live those that are alive, by kind
	 * @param listed those that were ever listed
	 */
	public record StrandTotals(Map<StrandKind, Long> live, long listed) {
	}

	/**
	 * The tasks.
	 *
	 * @param spawned those that were spawned, ever
	 * @param live those that have not ended
	 * @param suspended those of them that have waited or wait for something
	 * @param failed those that ended with an exception, ever
	 */
	public record TaskTotals(long spawned, long live, int suspended, long failed) {
	}

}
