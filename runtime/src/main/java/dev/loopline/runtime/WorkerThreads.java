package dev.loopline.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * Every thread whose queue may hold strands; also those that have lost their worker. Safe
 * for use by many threads.
 */
final class WorkerThreads {

	private final Worker[] workers;

	/** What threads have counted that left, by their worker. */
	@GuardedBy("this")
	private final WorkerStats[] retired;

	private volatile WorkerThread[] all = {};

	WorkerThreads(Worker[] workers) {
		this.workers = workers;
		this.retired = new WorkerStats[workers.length];
		Arrays.setAll(this.retired, (i) -> new WorkerStats());
	}

	/**
	 * Returns the threads of this moment, in an array that nobody writes.
	 */
	WorkerThread[] all() {
		return this.all;
	}

	synchronized void add(WorkerThread thread) {
		WorkerThread[] copy = Arrays.copyOf(this.all, this.all.length + 1);
		copy[copy.length - 1] = thread;
		this.all = copy;
	}

	/**
	 * Forgets a thread, but not what it has counted.
	 */
	synchronized void remove(WorkerThread thread) {
		this.retired[thread.worker().index].add(thread.stats);
		this.all = Arrays.stream(this.all).filter((candidate) -> candidate != thread).toArray(WorkerThread[]::new);
	}

	boolean haveQueuedWork() {
		for (WorkerThread thread : this.all) {
			if (thread.hasQueuedWork()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns how often work has waited for longer than burners may keep it waiting, on
	 * the threads of this moment.
	 */
	long longWaits() {
		long sum = 0;
		for (WorkerThread thread : this.all) {
			sum += thread.stats.scheduleLatency.countFrom(BurnShare.WAIT_NANOS);
		}
		return sum;
	}

	/**
	 * Returns a view of every worker.
	 */
	synchronized List<WorkerSnapshot> snapshots(long now) {
		List<WorkerSnapshot> views = new ArrayList<>(this.workers.length);
		for (Worker worker : this.workers) {
			views.add(WorkerSnapshot.of(worker, this.retired[worker.index], this.all, now));
		}
		return List.copyOf(views);
	}

	/**
	 * Adds up what all threads have counted, those that have ended included.
	 */
	synchronized WorkerStats total() {
		WorkerStats sum = new WorkerStats();
		for (WorkerStats retired : this.retired) {
			sum.add(retired);
		}
		for (WorkerThread thread : this.all) {
			sum.add(thread.stats);
		}
		return sum;
	}

}
