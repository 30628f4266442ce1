package dev.loopline.autoconfigure.web;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import dev.loopline.runtime.Strand;

/**
 * A {@link Scheduler} that runs everything on one strand, in order, and cancels nothing:
 * what {@code publishOn} queued for a task that is cancelled would never be released.
 * Safe for use by many threads.
 */
final class BodyScheduler implements Scheduler {

	private final Strand strand;

	BodyScheduler(Strand strand) {
		this.strand = strand;
	}

	@Override
	public Disposable schedule(Runnable task) {
		this.strand.execute(Schedulers.onSchedule(task));
		return Disposables.never();
	}

	@Override
	public Worker createWorker() {
		return new Worker() {

			@Override
			public Disposable schedule(Runnable task) {
				return BodyScheduler.this.schedule(task);
			}

			@Override
			public void dispose() {
				// See above.
			}

		};
	}

}
