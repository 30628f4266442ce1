package dev.loopline.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

import dev.loopline.runtime.stall.Advice;
import dev.loopline.runtime.stall.ForeignThreads;
import dev.loopline.runtime.stall.StallListener;
import dev.loopline.runtime.stall.StallLog;
import dev.loopline.runtime.time.Ticker;

/**
 * The values of a {@link TaskRuntimeConfig}, at first the defaults; those of a Spring
 * application are in its properties. Not thread-safe: a configuration changes its own no
 * more.
 */
final class ConfigValues {

	/** Limit of {@link IdleSet}, whose counts have 16 bits. */
	private static final int MAX_WORKERS = 1024;

	TaskRuntimeConfig.Flavour flavour = TaskRuntimeConfig.Flavour.MULTI_THREAD;

	private int workers;

	/** Whether nobody has asked for a number of workers. */
	boolean workersFollowProcessors;

	IntSupplier processors = Runtime.getRuntime()::availableProcessors;

	int queueCapacity = 256;

	int globalQueueInterval;

	int eventInterval = 61;

	Duration driverDelay = Duration.ofMillis(1);

	int budget = 128;

	Duration quantum = Duration.ofMillis(1);

	int lifoPolls = 3;

	Duration lifoStealDelay = Duration.ofNanos(50_000);

	Duration idleSpin = Duration.ZERO;

	int blockingThreads = 512;

	BlockingThreads blockingThreadKind = BlockingThreads.AUTO;

	int blockingVirtualThreads;

	int blockingQueueCapacity = 100_000;

	Duration blockingKeepAlive = Duration.ofSeconds(10);

	/** Half, as for any two that want the same. */
	double burnShare = 0.5;

	boolean allowBlocking;

	Duration stallThreshold = Duration.ofMillis(5);

	StallLog stallLog = StallLog.WARN;

	Iterable<StallListener> stallListeners = List.of();

	ForeignThreads foreignThreads = ForeignThreads.NONE;

	Set<String> applicationPackages = Set.of();

	Set<String> frameworkPackages = Set.of();

	ThreadFactory threadFactory = namedThreads();

	Ticker ticker = Ticker.system();

	long seed = 0x5DEECE66DL;

	List<TaskHooks> taskHooks = List.of();

	Advice advice = Advice.DEFAULTS;

	ConfigValues() {
	}

	ConfigValues(ConfigValues other) {
		this.flavour = other.flavour;
		this.workers = other.workers;
		this.workersFollowProcessors = other.workersFollowProcessors;
		this.processors = other.processors;
		this.queueCapacity = other.queueCapacity;
		this.globalQueueInterval = other.globalQueueInterval;
		this.eventInterval = other.eventInterval;
		this.driverDelay = other.driverDelay;
		this.budget = other.budget;
		this.quantum = other.quantum;
		this.lifoPolls = other.lifoPolls;
		this.lifoStealDelay = other.lifoStealDelay;
		this.idleSpin = other.idleSpin;
		this.blockingThreads = other.blockingThreads;
		this.blockingThreadKind = other.blockingThreadKind;
		this.blockingVirtualThreads = other.blockingVirtualThreads;
		this.blockingQueueCapacity = other.blockingQueueCapacity;
		this.blockingKeepAlive = other.blockingKeepAlive;
		this.burnShare = other.burnShare;
		this.allowBlocking = other.allowBlocking;
		this.stallThreshold = other.stallThreshold;
		this.stallLog = other.stallLog;
		this.stallListeners = other.stallListeners;
		this.foreignThreads = other.foreignThreads;
		this.applicationPackages = other.applicationPackages;
		this.frameworkPackages = other.frameworkPackages;
		this.threadFactory = other.threadFactory;
		this.ticker = other.ticker;
		this.seed = other.seed;
		this.taskHooks = other.taskHooks;
		this.advice = other.advice;
	}

	int workers() {
		return this.workers;
	}

	void workers(int workers) {
		this.workers = workers;
		this.workersFollowProcessors = false;
	}

	/**
	 * Checks every value, and sets those that depend on others or on the machine.
	 * @throws InvalidTaskRuntimeConfigException if a value is out of range
	 */
	void check() {
		boolean one = this.flavour == TaskRuntimeConfig.Flavour.CURRENT_THREAD;
		if (this.workers == 0) {
			this.workers = one ? 1 : this.processors.getAsInt();
			this.workersFollowProcessors = !one;
		}
		check("workers", this.workers, 1, MAX_WORKERS);
		check("queueCapacity", this.queueCapacity, 2, 1 << 20);
		if (Integer.bitCount(this.queueCapacity) != 1) {
			throw new InvalidTaskRuntimeConfigException("queueCapacity", this.queueCapacity, "a power of two");
		}
		check("globalQueueInterval", this.globalQueueInterval, 0, 1 << 20);
		check("eventInterval", this.eventInterval, 1, 1 << 20);
		checkPositive("driverDelay", this.driverDelay);
		check("budget", this.budget, 1, 1 << 20);
		checkPositive("quantum", this.quantum);
		check("lifoPolls", this.lifoPolls, 0, 1 << 20);
		checkAtMost("lifoStealDelay", this.lifoStealDelay, Duration.ofDays(1), "a day");
		checkAtMost("idleSpin", this.idleSpin, Duration.ofSeconds(1), "a second");
		check("blockingThreads", this.blockingThreads, 1, 1 << 20);
		check("blockingVirtualThreads", this.blockingVirtualThreads, 0, Integer.MAX_VALUE);
		check("blockingQueueCapacity", this.blockingQueueCapacity, 0, 1 << 24);
		checkPositive("blockingKeepAlive", this.blockingKeepAlive);
		if (!(this.burnShare > 0 && this.burnShare <= 1)) {
			throw new InvalidTaskRuntimeConfigException("burnShare", this.burnShare, "above 0 and at most 1");
		}
		checkPositive("stallThreshold", this.stallThreshold);
		if (one && this.workers != 1) {
			throw new InvalidTaskRuntimeConfigException("workers", this.workers, "1 for the current-thread flavour");
		}
	}

	private static void check(String name, int value, int min, int max) {
		if (value < min || value > max) {
			throw new InvalidTaskRuntimeConfigException(name, value, "from " + min + " to " + max);
		}
	}

	private static void checkAtMost(String name, Duration value, Duration max, String maxInWords) {
		if (value.isNegative() || value.compareTo(max) > 0) {
			throw new InvalidTaskRuntimeConfigException(name, value, "at least zero and at most " + maxInWords);
		}
	}

	private static void checkPositive(String name, Duration value) {
		if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofDays(1)) > 0) {
			throw new InvalidTaskRuntimeConfigException(name, value, "longer than zero and at most a day");
		}
	}

	private static ThreadFactory namedThreads() {
		AtomicInteger count = new AtomicInteger();
		return (runnable) -> new RuntimeThread(runnable, "loopline-" + count.incrementAndGet());
	}

}
