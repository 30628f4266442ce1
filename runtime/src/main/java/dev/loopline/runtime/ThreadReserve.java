package dev.loopline.runtime;

/**
 * Threads beyond those for blocking work, which nobody has as long as nobody blocks.
 *
 * @param routes those for routes that have few threads while others have all
 * @param handoffs those that only a worker may take that is stuck
 */
record ThreadReserve(int routes, int handoffs) {

	/*-
	 * Who blocks and is known to do so waits for a thread, and nobody waits for him. Who is not known yet takes a
	 * worker, which needs a thread at once: without one the worker's I/O, timers and queue stand still. So what is
	 * known never takes the last threads, however much of it there is. From the handoff on its route is known, so a
	 * route takes at most one for each worker, and as a rule one: the reserve is for routes that begin to block
	 * within the same moment. Twice the workers is what two of them can need at worst; a share of the threads
	 * beyond that is for a database that hangs, with all the routes that ask it.
	 */

	private static final int SHARE = 16;

	static ThreadReserve of(TaskRuntimeConfig config) {
		int share = config.blockingThreads() / SHARE;
		return new ThreadReserve(Math.max(config.workers(), share), Math.max(2 * config.workers(), share));
	}

	int total() {
		return this.routes + this.handoffs;
	}

}
