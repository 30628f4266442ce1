package dev.loopline.runtime;

import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

import dev.loopline.runtime.stall.Advice;
import dev.loopline.runtime.stall.ForeignThreads;
import dev.loopline.runtime.stall.StallListener;
import dev.loopline.runtime.stall.StallLog;
import dev.loopline.runtime.time.Ticker;

/**
 * Collects changes to a {@link TaskRuntimeConfig}. Not thread-safe.
 */
public final class TaskRuntimeConfigBuilder {

	private final ConfigValues values;

	TaskRuntimeConfigBuilder(ConfigValues values) {
		this.values = values;
	}

	/**
	 * Sets the flavour.
	 * @param flavour the flavour
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder flavour(TaskRuntimeConfig.Flavour flavour) {
		this.values.flavour = Objects.requireNonNull(flavour, "flavour");
		return this;
	}

	/**
	 * Sets the number of workers.
	 * @param workers the number, or 0 for the processors that are available
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder workers(int workers) {
		this.values.workers(workers);
		return this;
	}

	/**
	 * Sets what counts the processors.
	 */
	TaskRuntimeConfigBuilder processors(IntSupplier processors) {
		this.values.processors = processors;
		return this;
	}

	/**
	 * Sets the slots of a run queue.
	 * @param queueCapacity a power of two
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder queueCapacity(int queueCapacity) {
		this.values.queueCapacity = queueCapacity;
		return this;
	}

	/**
	 * Sets the polls between two looks at the global queue.
	 * @param globalQueueInterval the interval, or 0 to tune it
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder globalQueueInterval(int globalQueueInterval) {
		this.values.globalQueueInterval = globalQueueInterval;
		return this;
	}

	/**
	 * Sets the polls between two looks at I/O and timers.
	 * @param eventInterval the interval
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder eventInterval(int eventInterval) {
		this.values.eventInterval = eventInterval;
		return this;
	}

	/**
	 * Sets the longest time that a busy worker leaves I/O unpolled.
	 * @param driverDelay the delay
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder driverDelay(Duration driverDelay) {
		this.values.driverDelay = Objects.requireNonNull(driverDelay, "driverDelay");
		return this;
	}

	/**
	 * Sets the items that one poll runs.
	 * @param budget the budget
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder budget(int budget) {
		this.values.budget = budget;
		return this;
	}

	/**
	 * Sets the time after which a poll yields.
	 * @param quantum the quantum
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder quantum(Duration quantum) {
		this.values.quantum = Objects.requireNonNull(quantum, "quantum");
		return this;
	}

	/**
	 * Sets the strands in a row that the last-woken slot may run.
	 * @param lifoPolls the number, or 0 for no slot
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder lifoPolls(int lifoPolls) {
		this.values.lifoPolls = lifoPolls;
		return this;
	}

	/**
	 * Sets how long a poll must have lasted before a thief may take the last-woken
	 * strand.
	 * @param lifoStealDelay the time, or zero for at once
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder lifoStealDelay(Duration lifoStealDelay) {
		this.values.lifoStealDelay = Objects.requireNonNull(lifoStealDelay, "lifoStealDelay");
		return this;
	}

	/**
	 * Sets how long a worker that has run out of work keeps looking for more before it
	 * sleeps. What arrives meanwhile need not wait until a thread has woken up, which is
	 * tens of microseconds; the price is a busy processor. At most half of the workers
	 * look at the same time.
	 * @param idleSpin the time, or zero for not at all
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder idleSpin(Duration idleSpin) {
		this.values.idleSpin = Objects.requireNonNull(idleSpin, "idleSpin");
		return this;
	}

	/**
	 * Sets the most threads for blocking work, without those that stand in for stuck
	 * workers when all are in use.
	 * @param blockingThreads the number
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder blockingThreads(int blockingThreads) {
		this.values.blockingThreads = blockingThreads;
		return this;
	}

	/**
	 * Sets on which threads runs what is known to block.
	 * @param kind the kind of threads
	 * @param maxVirtualThreads the most virtual ones, or 0 to go by the heap
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder blockingOn(BlockingThreads kind, int maxVirtualThreads) {
		this.values.blockingThreadKind = Objects.requireNonNull(kind, "kind");
		this.values.blockingVirtualThreads = maxVirtualThreads;
		return this;
	}

	/**
	 * Sets the jobs that may wait for a blocking thread.
	 * @param blockingQueueCapacity the number
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder blockingQueueCapacity(int blockingQueueCapacity) {
		this.values.blockingQueueCapacity = blockingQueueCapacity;
		return this;
	}

	/**
	 * Sets the share of the processors that polls have that compute for long, while other
	 * work waits.
	 * @param burnShare the share, above 0 and at most 1
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder burnShare(double burnShare) {
		this.values.burnShare = burnShare;
		return this;
	}

	/**
	 * Sets how long an idle blocking thread lives.
	 * @param blockingKeepAlive the time
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder blockingKeepAlive(Duration blockingKeepAlive) {
		this.values.blockingKeepAlive = Objects.requireNonNull(blockingKeepAlive, "blockingKeepAlive");
		return this;
	}

	/**
	 * Sets whether strands and tasks may wait for others on their threads, such as with
	 * {@link JoinHandle#join()}. They are rescued like all that block.
	 * @param allowBlocking whether they may
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder allowBlocking(boolean allowBlocking) {
		this.values.allowBlocking = allowBlocking;
		return this;
	}

	/**
	 * Sets how long a poll may last before its worker moves to another thread.
	 * @param stallThreshold the time
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder stallThreshold(Duration stallThreshold) {
		this.values.stallThreshold = Objects.requireNonNull(stallThreshold, "stallThreshold");
		return this;
	}

	/**
	 * Sets what is logged about stalls.
	 * @param stallLog what is logged
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder stallLog(StallLog stallLog) {
		this.values.stallLog = Objects.requireNonNull(stallLog, "stallLog");
		return this;
	}

	/**
	 * Sets which threads of other libraries are watched. One runtime of a JVM is enough.
	 * @param foreignThreads knows them
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder foreignThreads(ForeignThreads foreignThreads) {
		this.values.foreignThreads = Objects.requireNonNull(foreignThreads, "foreignThreads");
		return this;
	}

	/**
	 * Sets who is told about stalls.
	 * @param stallListeners the listeners; may change with time
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder stallListeners(Iterable<StallListener> stallListeners) {
		this.values.stallListeners = Objects.requireNonNull(stallListeners, "stallListeners");
		return this;
	}

	/**
	 * Sets the packages whose code is to blame for a stall in preference to any other.
	 * @param applicationPackages names of packages; what is below them counts too
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder applicationPackages(Collection<String> applicationPackages) {
		this.values.applicationPackages = Set
			.copyOf(Objects.requireNonNull(applicationPackages, "applicationPackages"));
		return this;
	}

	/**
	 * Sets the packages whose code is never to blame for a stall, beside those of
	 * well-known frameworks.
	 * @param frameworkPackages names of packages; what is below them counts too
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder frameworkPackages(Collection<String> frameworkPackages) {
		this.values.frameworkPackages = Set.copyOf(Objects.requireNonNull(frameworkPackages, "frameworkPackages"));
		return this;
	}

	/**
	 * Sets what makes the threads. It is called on a thread that has nothing for them to
	 * inherit: no thread-locals, the context class loader of the thread that started the
	 * runtime, normal priority. That thread is a daemon.
	 * @param threadFactory the factory
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder threadFactory(ThreadFactory threadFactory) {
		this.values.threadFactory = Objects.requireNonNull(threadFactory, "threadFactory");
		return this;
	}

	/**
	 * Sets the clock.
	 * @param ticker the clock
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder ticker(Ticker ticker) {
		this.values.ticker = Objects.requireNonNull(ticker, "ticker");
		return this;
	}

	/**
	 * Sets the seed of random choices.
	 * @param seed the seed
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder seed(long seed) {
		this.values.seed = seed;
		return this;
	}

	/**
	 * Adds hooks that are called for every task.
	 * @param hooks the hooks
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder taskHooks(TaskHooks hooks) {
		Objects.requireNonNull(hooks, "hooks");
		this.values.taskHooks = Stream.concat(this.values.taskHooks.stream(), Stream.of(hooks)).toList();
		return this;
	}

	/**
	 * Sets what warnings tell a developer to do.
	 * @param advice the advice, in the words of whoever configures the runtime
	 * @return this builder
	 */
	public TaskRuntimeConfigBuilder advice(Advice advice) {
		this.values.advice = Objects.requireNonNull(advice, "advice");
		return this;
	}

	/**
	 * Makes the configuration; this builder may go on to make others.
	 * @return a configuration
	 * @throws InvalidTaskRuntimeConfigException if a value is out of range
	 */
	public TaskRuntimeConfig build() {
		ConfigValues values = new ConfigValues(this.values);
		values.check();
		return new TaskRuntimeConfig(values);
	}

}
