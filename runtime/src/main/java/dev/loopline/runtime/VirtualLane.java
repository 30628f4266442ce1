package dev.loopline.runtime;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.internal.thread.VirtualThreads;

/**
 * The virtual threads of the slow lane. Safe for use by many threads.
 */
final class VirtualLane {

	private static final Logger logger = LoggerFactory.getLogger(SlowLane.class);

	/**
	 * Of the largest heap, for one thread: half of it at most is for the stacks of those
	 * that block, at 32 kB each.
	 */
	private static final long HEAP_PER_THREAD = 64 * 1024;

	private static final int MIN_LIMIT = 1_000;

	private final @Nullable VirtualThreads threads;

	private final BlockingCarriers carriers;

	private final int limit;

	private final Misfits misfits;

	private final AtomicLong made = new AtomicLong();

	/** What the threads are called before their number. */
	private volatile @Nullable String prefix;

	VirtualLane(TaskRuntimeConfig config) {
		this.threads = VirtualThreads.find();
		this.carriers = BlockingCarriers.choose(config.blockingThreadKind(), this.threads);
		this.limit = limit(config);
		this.misfits = new Misfits(config.ticker());
	}

	private static int limit(TaskRuntimeConfig config) {
		long fitting = Runtime.getRuntime().maxMemory() / HEAP_PER_THREAD;
		return (config.blockingVirtualThreads() > 0) ? config.blockingVirtualThreads()
				: (int) Math.min(Integer.MAX_VALUE, Math.max(MIN_LIMIT, fitting));
	}

	BlockingCarriers carriers() {
		return this.carriers;
	}

	/**
	 * Returns how many may be at once.
	 */
	int limit() {
		return this.limit;
	}

	/**
	 * Returns the routes that are better off on other threads.
	 */
	Misfits misfits() {
		return this.misfits;
	}

	/**
	 * Returns whether work that blocks is to run on a virtual thread.
	 */
	boolean suits(Work work) {
		return this.carriers != BlockingCarriers.PLATFORM_THREADS && !work.needsThread()
				&& !this.misfits.contains(work.route());
	}

	/**
	 * Makes a run of work that waits.
	 */
	LaneRun newRun(SlowLane lane, LaneLine line, LaneLine.Waiting waiting) {
		return (this.carriers == BlockingCarriers.WORKERS) ? new MountedRun(lane, line, waiting)
				: new VirtualRun(lane, line, waiting);
	}

	/**
	 * Starts a thread.
	 * @param scheduler what runs it, or {@code null} for the JDK
	 * @return {@code false} if that failed
	 */
	boolean start(Runnable body, @Nullable Executor scheduler) {
		if (this.threads == null) {
			return false;
		}
		try {
			this.threads.newThread(prefix() + this.made.incrementAndGet(), body, scheduler).start();
			return true;
		}
		catch (Throwable ex) {
			Failures.warn(logger, ex, "No virtual thread can be started");
			return false;
		}
	}

	/**
	 * Returns the name of the runtime's other threads, one of which calls, without their
	 * numbers.
	 */
	private String prefix() {
		String prefix = this.prefix;
		if (prefix == null) {
			prefix = Thread.currentThread().getName().replaceFirst("[-0-9]*$", "") + "-virtual-";
			this.prefix = prefix;
		}
		return prefix;
	}

}
