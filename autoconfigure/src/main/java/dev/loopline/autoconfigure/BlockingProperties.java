package dev.loopline.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.BlockingThreads;

/**
 * Threads for work that blocks.
 */
public class BlockingProperties {

	/**
	 * Most threads for blocking work.
	 */
	private int maxThreads = 512;

	/**
	 * On which threads requests run that are known to block: auto takes virtual threads
	 * where the JDK has good ones.
	 */
	private BlockingThreads threads = BlockingThreads.AUTO;

	/**
	 * Most virtual threads for requests that block; 0 for one for each 64 kB of the
	 * largest heap.
	 */
	private int maxVirtualThreads;

	/**
	 * Requests of one route, and jobs, that may wait for a blocking thread before more
	 * are refused; unless set, twice as many requests as there may be threads, and 100000
	 * jobs.
	 */
	private @Nullable Integer queueCapacity;

	/**
	 * Longest time that a request of a route that blocks waits for a thread before it is
	 * refused.
	 */
	private Duration maxWait = Duration.ofSeconds(10);

	/**
	 * Time that an idle blocking thread is kept for.
	 */
	private Duration keepAlive = Duration.ofSeconds(10);

	/**
	 * Share of the processors that handlers have between them that compute for long,
	 * while other work waits for some milliseconds; above 0 and at most 1.
	 */
	private double burnShare = 0.5;

	/**
	 * Whether Reactor's block() and JoinHandle.join() work within strands and tasks, and
	 * are rescued like any other handler that blocks. A wait for the request's own body
	 * is refused all the same.
	 */
	private boolean allowBlock;

	public int getMaxThreads() {
		return this.maxThreads;
	}

	public void setMaxThreads(int maxThreads) {
		this.maxThreads = maxThreads;
	}

	public BlockingThreads getThreads() {
		return this.threads;
	}

	public void setThreads(BlockingThreads threads) {
		this.threads = threads;
	}

	public int getMaxVirtualThreads() {
		return this.maxVirtualThreads;
	}

	public void setMaxVirtualThreads(int maxVirtualThreads) {
		this.maxVirtualThreads = maxVirtualThreads;
	}

	public @Nullable Integer getQueueCapacity() {
		return this.queueCapacity;
	}

	public void setQueueCapacity(@Nullable Integer queueCapacity) {
		this.queueCapacity = queueCapacity;
	}

	public Duration getMaxWait() {
		return this.maxWait;
	}

	public void setMaxWait(Duration maxWait) {
		this.maxWait = maxWait;
	}

	public Duration getKeepAlive() {
		return this.keepAlive;
	}

	public void setKeepAlive(Duration keepAlive) {
		this.keepAlive = keepAlive;
	}

	public double getBurnShare() {
		return this.burnShare;
	}

	public void setBurnShare(double burnShare) {
		this.burnShare = burnShare;
	}

	public boolean isAllowBlock() {
		return this.allowBlock;
	}

	public void setAllowBlock(boolean allowBlock) {
		this.allowBlock = allowBlock;
	}

}
