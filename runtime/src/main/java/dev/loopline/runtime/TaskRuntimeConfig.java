package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Every knob of a {@link TaskRuntime}. Immutable; values are checked on creation.
 *
 * @param flavour how strands are spread over threads
 * @param workers the number of workers; by default the processors that are available
 * @param queueCapacity slots of a worker thread's run queue, a power of two; 256 as in
 * Tokio
 * @param globalQueueInterval polls between two looks at the global queue ahead of the
 * local one, or 0 to tune it to the length of polls as Tokio does
 * @param eventInterval polls between two looks at I/O and timers; 61 as in Tokio
 * @param driverDelay the longest time that I/O of a busy worker stays unpolled while
 * another worker idles; the busy one polls it after five times that itself, as far as the
 * running strand lets it
 * @param budget items that one poll of a strand runs before it yields; 128 as in Tokio
 * @param quantum time after which a poll yields, looked at between items
 * @param lifoPolls strands in a row that the last-woken slot may run; 3 as in Tokio, 0
 * turns the slot off
 * @param lifoStealDelay how long the running poll must have lasted before a thief may
 * take the last-woken strand
 * @param idleSpin how long a worker that has run out of work keeps looking for more
 * before it sleeps; zero for not at all, as in Tokio and Netty
 * @param blockingThreads the most threads for blocking work, without those that stand in
 * for stuck workers when all are in use; 512 as in Tokio
 * @param blockingQueueCapacity jobs that wait for a blocking thread before more are
 * refused
 * @param blockingKeepAlive how long an idle blocking thread lives; 10 s as in Tokio
 * @param stallThreshold how long a poll may last before its worker moves to another
 * thread
 * @param stallLog whether stalls are logged
 * @param stallListeners told about every stall; asked for its elements each time, which
 * must be quick
 * @param applicationPackages packages of the application, whose code is to blame for a
 * stall in preference to any other
 * @param frameworkPackages packages whose code is never to blame, beside those of
 * well-known frameworks
 * @param threadFactory makes every thread; named after the runtime by default
 * @param ticker the clock; its readings must be those of the I/O drivers
 * @param seed of the random choices of thieves
 * @param taskHooks called for every task that is spawned
 */
public record TaskRuntimeConfig(Flavour flavour, int workers, int queueCapacity, int globalQueueInterval,
		int eventInterval, Duration driverDelay, int budget, Duration quantum, int lifoPolls, Duration lifoStealDelay,
		Duration idleSpin, int blockingThreads, int blockingQueueCapacity, Duration blockingKeepAlive,
		Duration stallThreshold, StallLog stallLog, Iterable<StallListener> stallListeners,
		Set<String> applicationPackages, Set<String> frameworkPackages, ThreadFactory threadFactory, Ticker ticker,
		long seed, List<TaskHooks> taskHooks) {

	/** Limit of {@link IdleSet}, whose counts have 16 bits. */
	static final int MAX_WORKERS = 1024;

	/**
	 * Checks every value.
	 * @throws InvalidTaskRuntimeConfigException if a value is out of range
	 */
	public TaskRuntimeConfig {
		Objects.requireNonNull(flavour, "flavour");
		Objects.requireNonNull(driverDelay, "driverDelay");
		Objects.requireNonNull(quantum, "quantum");
		Objects.requireNonNull(lifoStealDelay, "lifoStealDelay");
		Objects.requireNonNull(idleSpin, "idleSpin");
		Objects.requireNonNull(blockingKeepAlive, "blockingKeepAlive");
		Objects.requireNonNull(stallThreshold, "stallThreshold");
		Objects.requireNonNull(stallLog, "stallLog");
		Objects.requireNonNull(stallListeners, "stallListeners");
		Objects.requireNonNull(threadFactory, "threadFactory");
		Objects.requireNonNull(ticker, "ticker");
		check("workers", workers, 1, MAX_WORKERS);
		check("queueCapacity", queueCapacity, 2, 1 << 20);
		if (Integer.bitCount(queueCapacity) != 1) {
			throw new InvalidTaskRuntimeConfigException("queueCapacity", queueCapacity, "a power of two");
		}
		check("globalQueueInterval", globalQueueInterval, 0, 1 << 20);
		check("eventInterval", eventInterval, 1, 1 << 20);
		checkPositive("driverDelay", driverDelay);
		check("budget", budget, 1, 1 << 20);
		checkPositive("quantum", quantum);
		check("lifoPolls", lifoPolls, 0, 1 << 20);
		checkAtMost("lifoStealDelay", lifoStealDelay, Duration.ofDays(1), "a day");
		checkAtMost("idleSpin", idleSpin, Duration.ofSeconds(1), "a second");
		check("blockingThreads", blockingThreads, 1, 1 << 20);
		check("blockingQueueCapacity", blockingQueueCapacity, 0, 1 << 24);
		checkPositive("blockingKeepAlive", blockingKeepAlive);
		checkPositive("stallThreshold", stallThreshold);
		taskHooks = List.copyOf(taskHooks);
		applicationPackages = Set.copyOf(applicationPackages);
		frameworkPackages = Set.copyOf(frameworkPackages);
		if (flavour == Flavour.CURRENT_THREAD && workers != 1) {
			throw new InvalidTaskRuntimeConfigException("workers", workers, "1 for the current-thread flavour");
		}
	}

	/**
	 * Returns the defaults.
	 * @return a configuration
	 */
	public static TaskRuntimeConfig defaults() {
		return of((builder) -> {
		});
	}

	/**
	 * Returns the defaults with changes.
	 * @param changes called with a builder that holds the defaults
	 * @return a configuration
	 * @throws InvalidTaskRuntimeConfigException if a value is out of range
	 */
	public static TaskRuntimeConfig of(Consumer<Builder> changes) {
		Objects.requireNonNull(changes, "changes");
		Builder builder = new Builder();
		changes.accept(builder);
		return builder.build();
	}

	/**
	 * Returns the same configuration with other threads and another clock.
	 */
	TaskRuntimeConfig with(ThreadFactory threadFactory, Ticker ticker) {
		return new TaskRuntimeConfig(this.flavour, this.workers, this.queueCapacity, this.globalQueueInterval,
				this.eventInterval, this.driverDelay, this.budget, this.quantum, this.lifoPolls, this.lifoStealDelay,
				this.idleSpin, this.blockingThreads, this.blockingQueueCapacity, this.blockingKeepAlive,
				this.stallThreshold, this.stallLog, this.stallListeners, this.applicationPackages,
				this.frameworkPackages, threadFactory, ticker, this.seed, this.taskHooks);
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

	/**
	 * How strands are spread over threads.
	 */
	public enum Flavour {

		/** Several workers that steal from each other. */
		MULTI_THREAD,

		/** One worker: nothing is stolen, nothing runs in parallel. */
		CURRENT_THREAD

	}

	/**
	 * What is logged about stalls.
	 */
	public enum StallLog {

		/** Nothing. */
		OFF,

		/** A warning per culprit and minute. */
		WARN

	}

	/**
	 * Collects changes to the defaults. Not thread-safe.
	 */
	public static final class Builder {

		private Flavour flavour = Flavour.MULTI_THREAD;

		private int workers;

		private int queueCapacity = 256;

		private int globalQueueInterval;

		private int eventInterval = 61;

		private Duration driverDelay = Duration.ofMillis(1);

		private int budget = 128;

		private Duration quantum = Duration.ofMillis(1);

		private int lifoPolls = 3;

		private Duration lifoStealDelay = Duration.ofNanos(50_000);

		private Duration idleSpin = Duration.ZERO;

		private int blockingThreads = 512;

		private int blockingQueueCapacity = 100_000;

		private Duration blockingKeepAlive = Duration.ofSeconds(10);

		private Duration stallThreshold = Duration.ofMillis(5);

		private StallLog stallLog = StallLog.WARN;

		private Iterable<StallListener> stallListeners = List.of();

		private Collection<String> applicationPackages = Set.of();

		private Collection<String> frameworkPackages = Set.of();

		private @Nullable ThreadFactory threadFactory;

		private Ticker ticker = Ticker.system();

		private long seed = 0x5DEECE66DL;

		private final List<TaskHooks> taskHooks = new ArrayList<>();

		private Builder() {
		}

		/**
		 * Sets the flavour.
		 * @param flavour the flavour
		 * @return this builder
		 */
		public Builder flavour(Flavour flavour) {
			this.flavour = Objects.requireNonNull(flavour, "flavour");
			return this;
		}

		/**
		 * Sets the number of workers.
		 * @param workers the number, or 0 for the processors that are available
		 * @return this builder
		 */
		public Builder workers(int workers) {
			this.workers = workers;
			return this;
		}

		/**
		 * Sets the slots of a run queue.
		 * @param queueCapacity a power of two
		 * @return this builder
		 */
		public Builder queueCapacity(int queueCapacity) {
			this.queueCapacity = queueCapacity;
			return this;
		}

		/**
		 * Sets the polls between two looks at the global queue.
		 * @param globalQueueInterval the interval, or 0 to tune it
		 * @return this builder
		 */
		public Builder globalQueueInterval(int globalQueueInterval) {
			this.globalQueueInterval = globalQueueInterval;
			return this;
		}

		/**
		 * Sets the polls between two looks at I/O and timers.
		 * @param eventInterval the interval
		 * @return this builder
		 */
		public Builder eventInterval(int eventInterval) {
			this.eventInterval = eventInterval;
			return this;
		}

		/**
		 * Sets the longest time that a busy worker leaves I/O unpolled.
		 * @param driverDelay the delay
		 * @return this builder
		 */
		public Builder driverDelay(Duration driverDelay) {
			this.driverDelay = Objects.requireNonNull(driverDelay, "driverDelay");
			return this;
		}

		/**
		 * Sets the items that one poll runs.
		 * @param budget the budget
		 * @return this builder
		 */
		public Builder budget(int budget) {
			this.budget = budget;
			return this;
		}

		/**
		 * Sets the time after which a poll yields.
		 * @param quantum the quantum
		 * @return this builder
		 */
		public Builder quantum(Duration quantum) {
			this.quantum = Objects.requireNonNull(quantum, "quantum");
			return this;
		}

		/**
		 * Sets the strands in a row that the last-woken slot may run.
		 * @param lifoPolls the number, or 0 for no slot
		 * @return this builder
		 */
		public Builder lifoPolls(int lifoPolls) {
			this.lifoPolls = lifoPolls;
			return this;
		}

		/**
		 * Sets how long a poll must have lasted before a thief may take the last-woken
		 * strand.
		 * @param lifoStealDelay the time, or zero for at once
		 * @return this builder
		 */
		public Builder lifoStealDelay(Duration lifoStealDelay) {
			this.lifoStealDelay = Objects.requireNonNull(lifoStealDelay, "lifoStealDelay");
			return this;
		}

		/**
		 * Sets how long a worker that has run out of work keeps looking for more before
		 * it sleeps. What arrives meanwhile need not wait until a thread has woken up,
		 * which is tens of microseconds; the price is a busy processor. At most half of
		 * the workers look at the same time.
		 * @param idleSpin the time, or zero for not at all
		 * @return this builder
		 */
		public Builder idleSpin(Duration idleSpin) {
			this.idleSpin = Objects.requireNonNull(idleSpin, "idleSpin");
			return this;
		}

		/**
		 * Sets the most threads for blocking work.
		 * @param blockingThreads the number
		 * @return this builder
		 */
		public Builder blockingThreads(int blockingThreads) {
			this.blockingThreads = blockingThreads;
			return this;
		}

		/**
		 * Sets the jobs that may wait for a blocking thread.
		 * @param blockingQueueCapacity the number
		 * @return this builder
		 */
		public Builder blockingQueueCapacity(int blockingQueueCapacity) {
			this.blockingQueueCapacity = blockingQueueCapacity;
			return this;
		}

		/**
		 * Sets how long an idle blocking thread lives.
		 * @param blockingKeepAlive the time
		 * @return this builder
		 */
		public Builder blockingKeepAlive(Duration blockingKeepAlive) {
			this.blockingKeepAlive = Objects.requireNonNull(blockingKeepAlive, "blockingKeepAlive");
			return this;
		}

		/**
		 * Sets how long a poll may last before its worker moves to another thread.
		 * @param stallThreshold the time
		 * @return this builder
		 */
		public Builder stallThreshold(Duration stallThreshold) {
			this.stallThreshold = Objects.requireNonNull(stallThreshold, "stallThreshold");
			return this;
		}

		/**
		 * Sets what is logged about stalls.
		 * @param stallLog what is logged
		 * @return this builder
		 */
		public Builder stallLog(StallLog stallLog) {
			this.stallLog = Objects.requireNonNull(stallLog, "stallLog");
			return this;
		}

		/**
		 * Sets who is told about stalls.
		 * @param stallListeners the listeners; may change with time
		 * @return this builder
		 */
		public Builder stallListeners(Iterable<StallListener> stallListeners) {
			this.stallListeners = Objects.requireNonNull(stallListeners, "stallListeners");
			return this;
		}

		/**
		 * Sets the packages whose code is to blame for a stall in preference to any
		 * other.
		 * @param applicationPackages names of packages; what is below them counts too
		 * @return this builder
		 */
		public Builder applicationPackages(Collection<String> applicationPackages) {
			this.applicationPackages = Objects.requireNonNull(applicationPackages, "applicationPackages");
			return this;
		}

		/**
		 * Sets the packages whose code is never to blame for a stall, beside those of
		 * well-known frameworks.
		 * @param frameworkPackages names of packages; what is below them counts too
		 * @return this builder
		 */
		public Builder frameworkPackages(Collection<String> frameworkPackages) {
			this.frameworkPackages = Objects.requireNonNull(frameworkPackages, "frameworkPackages");
			return this;
		}

		/**
		 * Sets what makes the threads. It is called on a thread that has nothing for them
		 * to inherit: no thread-locals, the context class loader of the thread that
		 * started the runtime, normal priority. That thread is a daemon.
		 * @param threadFactory the factory
		 * @return this builder
		 */
		public Builder threadFactory(ThreadFactory threadFactory) {
			this.threadFactory = Objects.requireNonNull(threadFactory, "threadFactory");
			return this;
		}

		/**
		 * Sets the clock.
		 * @param ticker the clock
		 * @return this builder
		 */
		public Builder ticker(Ticker ticker) {
			this.ticker = Objects.requireNonNull(ticker, "ticker");
			return this;
		}

		/**
		 * Sets the seed of random choices.
		 * @param seed the seed
		 * @return this builder
		 */
		public Builder seed(long seed) {
			this.seed = seed;
			return this;
		}

		/**
		 * Adds hooks that are called for every task.
		 * @param hooks the hooks
		 * @return this builder
		 */
		public Builder taskHooks(TaskHooks hooks) {
			this.taskHooks.add(Objects.requireNonNull(hooks, "hooks"));
			return this;
		}

		private TaskRuntimeConfig build() {
			int workers = this.workers;
			if (workers == 0) {
				workers = (this.flavour == Flavour.CURRENT_THREAD) ? 1 : Runtime.getRuntime().availableProcessors();
			}
			ThreadFactory factory = (this.threadFactory != null) ? this.threadFactory : namedThreads();
			return new TaskRuntimeConfig(this.flavour, workers, this.queueCapacity, this.globalQueueInterval,
					this.eventInterval, this.driverDelay, this.budget, this.quantum, this.lifoPolls,
					this.lifoStealDelay, this.idleSpin, this.blockingThreads, this.blockingQueueCapacity,
					this.blockingKeepAlive, this.stallThreshold, this.stallLog, this.stallListeners,
					Set.copyOf(this.applicationPackages), Set.copyOf(this.frameworkPackages), factory, this.ticker,
					this.seed, this.taskHooks);
		}

		private static ThreadFactory namedThreads() {
			AtomicInteger count = new AtomicInteger();
			return (runnable) -> new RuntimeThread(runnable, "loopline-" + count.incrementAndGet());
		}

	}

}
