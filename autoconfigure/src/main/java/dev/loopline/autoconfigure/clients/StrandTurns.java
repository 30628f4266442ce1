package dev.loopline.autoconfigure.clients;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.util.concurrent.Queues;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;

/**
 * Runs what belongs to one request in order and one at a time: on a strand, and what that
 * refuses, as the runtime has ended, elsewhere. Safe for use by many threads.
 */
final class StrandTurns {

	private final Strand strand;

	private final Queue<Runnable> tasks = Queues.<Runnable>unboundedMultiproducer().get();

	/** Tasks that are queued or run. Who raises it from zero starts the next turn. */
	private final AtomicInteger waiting = new AtomicInteger();

	StrandTurns(Strand strand) {
		this.strand = strand;
	}

	Strand strand() {
		return this.strand;
	}

	void execute(Runnable task) {
		this.tasks.offer(task);
		if (this.waiting.getAndIncrement() == 0) {
			next();
		}
	}

	/**
	 * Only one turn is with the strand, so none overtakes another when that refuses.
	 */
	private void next() {
		ClientWork.on(this.strand).execute(this::turn);
	}

	private void turn() {
		try {
			Runnable task = this.tasks.poll();
			if (task != null) {
				task.run();
			}
		}
		finally {
			if (this.waiting.decrementAndGet() != 0) {
				next();
			}
		}
	}

	/**
	 * Says that nobody waits for what is still to run.
	 */
	void withdraw() {
		StrandInstrumentation.withdraw(this.strand);
	}

}
