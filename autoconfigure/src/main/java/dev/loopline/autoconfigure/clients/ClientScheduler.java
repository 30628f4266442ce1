package dev.loopline.autoconfigure.clients;

import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.StrandKind;

/**
 * Runs what clients receive: each worker is a strand of what its maker works for. Clients
 * outlive the runtime: what it refuses stays on the thread that brings it, the client's
 * own, as without a runtime. Safe for use by many threads.
 *
 * @param work knows the runtime
 */
record ClientScheduler(ClientWork work) implements Scheduler {

	@Override
	public Disposable schedule(Runnable task) {
		return Schedulers.fromExecutor(this.work).schedule(task);
	}

	@Override
	public Scheduler.Worker createWorker() {
		Strand strand = this.work.newStrand();
		if (strand == null) {
			return Schedulers.immediate().createWorker();
		}
		ClientWorker worker = new ClientWorker(strand);
		StrandInstrumentation.enlist(strand, StrandKind.SCHEDULER, worker);
		return worker;
	}

	/**
	 * A strand while it is of use. Only one task is there at a time, so none overtakes
	 * another that is still on the strand.
	 */
	private static final class ClientWorker implements Scheduler.Worker {

		private final Strand strand;

		private final Scheduler.Worker worker = Schedulers.fromExecutor(this::execute).createWorker();

		ClientWorker(Strand strand) {
			this.strand = strand;
		}

		private void execute(Runnable task) {
			ClientWork.run(this.strand, task, Runnable::run);
		}

		@Override
		public Disposable schedule(Runnable task) {
			return this.worker.schedule(task);
		}

		@Override
		public void dispose() {
			this.worker.dispose();
			StrandInstrumentation.delist(this.strand, this);
		}

		@Override
		public boolean isDisposed() {
			return this.worker.isDisposed();
		}

		@Override
		public String toString() {
			return "client";
		}

	}

}
