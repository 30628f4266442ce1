package dev.loopline.runtime;

import java.util.function.IntSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows how many processors there are now: a container may get more or fewer while it
 * runs. Kept up to date by the monitor, read by any thread.
 */
final class Processors {

	/*-
	 * The JVM follows the limits of its container. To ask it takes a look into files, so the monitor does that
	 * once in a while, and nobody else ever.
	 *
	 * If the workers are as many as there were processors at the start, as many threads may compute at a time
	 * as there are processors now, be they more or fewer. A number of workers that somebody has asked for is
	 * what is wanted, as it may be meant to be more or less than that: it holds as long as no processor is
	 * taken away, and is the most then. It is how many may compute beside the workers, and how many there are if
	 * some of them are stuck; but more than there are processors only get in each other's way where all are well.
	 */

	/** Between two looks. Nobody resizes a container more often. */
	static final long PERIOD_NANOS = 1_000_000_000;

	private static final Logger logger = LoggerFactory.getLogger(Processors.class);

	private final IntSupplier source;

	private final int workers;

	private final boolean followed;

	private final int countAtStart;

	private volatile int count;

	private volatile int parallelism;

	private long lastLook;

	Processors(TaskRuntimeConfig config) {
		this.source = config.processors();
		this.workers = config.workers();
		this.followed = config.workersFollowProcessors();
		this.countAtStart = this.source.getAsInt();
		this.count = this.countAtStart;
		this.parallelism = parallelism(this.count);
		this.lastLook = config.ticker().nanos();
	}

	private int parallelism(int count) {
		if (this.followed) {
			return count;
		}
		return (count < this.countAtStart) ? Math.min(count, this.workers) : this.workers;
	}

	/**
	 * Looks how many there are, unless it has just been done. Only for the monitor.
	 * @return whether their number has changed
	 */
	boolean update(long now) {
		if (now - this.lastLook < PERIOD_NANOS) {
			return false;
		}
		this.lastLook = now;
		int before = this.count;
		int count = this.source.getAsInt();
		if (count == before) {
			return false;
		}
		this.parallelism = parallelism(count);
		this.count = count;
		logger.info("Processors: {} now, {} before. As many as {} strands may compute at a time, and {} of {} workers "
				+ "help each other", count, before, this.parallelism, awake(), this.workers);
		return true;
	}

	/**
	 * Returns how many there were at the last look.
	 */
	int count() {
		return this.count;
	}

	/**
	 * Returns how many workers may be awake for work that any of them can do.
	 */
	int awake() {
		return Math.min(this.count, this.workers);
	}

	/**
	 * Returns how many threads may compute at a time.
	 */
	int parallelism() {
		return this.parallelism;
	}

}
