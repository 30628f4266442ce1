package dev.loopline.runtime;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.loopline.runtime.stall.Advice;
import dev.loopline.runtime.stall.StallListener;
import dev.loopline.runtime.stall.StallLog;
import dev.loopline.runtime.time.Ticker;

/**
 * Every knob of a {@link TaskRuntime}. Immutable; values are checked on creation.
 */
public final class TaskRuntimeConfig {

	/** Nobody else has them. */
	private final ConfigValues values;

	private TaskRuntimeConfig(ConfigValues values) {
		this.values = values;
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
		Builder builder = new Builder(new ConfigValues());
		changes.accept(builder);
		return builder.build();
	}

	/**
	 * Returns a builder that holds these values.
	 * @return a builder of another configuration
	 */
	public Builder toBuilder() {
		return new Builder(new ConfigValues(this.values));
	}

	/**
	 * Returns how strands are spread over threads.
	 * @return the flavour
	 */
	public Flavour flavour() {
		return this.values.flavour;
	}

	/**
	 * Returns the number of workers; by default the processors that are available.
	 * @return the number
	 */
	public int workers() {
		return this.values.workers;
	}

	/**
	 * Returns the slots of a thread's run queue, a power of two; 256 as in Tokio.
	 * @return a power of two
	 */
	public int queueCapacity() {
		return this.values.queueCapacity;
	}

	/**
	 * Returns the polls between two looks at the global queue ahead of the local one, or
	 * 0 to tune it to the length of polls as Tokio does.
	 * @return the interval, or 0
	 */
	public int globalQueueInterval() {
		return this.values.globalQueueInterval;
	}

	/**
	 * Returns the polls between two looks at I/O and timers; 61 as in Tokio.
	 * @return the interval
	 */
	public int eventInterval() {
		return this.values.eventInterval;
	}

	/**
	 * Returns the longest time that I/O of a busy worker stays unpolled while another
	 * worker idles; the busy one polls it after five times that itself, as far as the
	 * running strand lets it.
	 * @return the delay
	 */
	public Duration driverDelay() {
		return this.values.driverDelay;
	}

	/**
	 * Returns the items that a poll runs before it yields; 128 as in Tokio.
	 * @return the budget
	 */
	public int budget() {
		return this.values.budget;
	}

	/**
	 * Returns the time after which a poll yields, looked at between items.
	 * @return the quantum
	 */
	public Duration quantum() {
		return this.values.quantum;
	}

	/**
	 * Returns the strands in a row that the last-woken slot may run; 3 as in Tokio, 0
	 * turns the slot off.
	 * @return the number, or 0 for no slot
	 */
	public int lifoPolls() {
		return this.values.lifoPolls;
	}

	/**
	 * Returns how long the running poll must have lasted before a thief may take the
	 * last-woken strand.
	 * @return the time, or zero for at once
	 */
	public Duration lifoStealDelay() {
		return this.values.lifoStealDelay;
	}

	/**
	 * Returns how long a worker that has run out of work keeps looking for more before it
	 * sleeps; zero for not at all, as in Tokio and Netty.
	 * @return the time, or zero for not at all
	 */
	public Duration idleSpin() {
		return this.values.idleSpin;
	}

	/**
	 * Returns the most threads for blocking work, without those that stand in for stuck
	 * workers when all are in use; 512 as in Tokio.
	 * @return the number
	 */
	public int blockingThreads() {
		return this.values.blockingThreads;
	}

	/**
	 * Returns on which threads runs what is known to block.
	 * @return the kind of threads
	 */
	public BlockingThreads blockingThreadKind() {
		return this.values.blockingThreadKind;
	}

	/**
	 * Returns the most virtual threads at a time.
	 * @return the number, or 0 for one for each 64 kB of the largest heap
	 */
	public int blockingVirtualThreads() {
		return this.values.blockingVirtualThreads;
	}

	/**
	 * Returns the jobs that wait for a blocking thread before more are refused.
	 * @return the number
	 */
	public int blockingQueueCapacity() {
		return this.values.blockingQueueCapacity;
	}

	/**
	 * Returns how long an idle blocking thread lives; 10 s as in Tokio.
	 * @return the time
	 */
	public Duration blockingKeepAlive() {
		return this.values.blockingKeepAlive;
	}

	/**
	 * Returns whether strands and tasks may wait for others on their threads.
	 * @return whether they may
	 */
	public boolean allowBlocking() {
		return this.values.allowBlocking;
	}

	/**
	 * Returns how long a poll may last before its worker moves to another thread.
	 * @return the time
	 */
	public Duration stallThreshold() {
		return this.values.stallThreshold;
	}

	/**
	 * Returns what is logged about stalls.
	 * @return what is logged
	 */
	public StallLog stallLog() {
		return this.values.stallLog;
	}

	/**
	 * Returns who is told about every stall; asked for its elements each time, which must
	 * be quick.
	 * @return the listeners
	 */
	public Iterable<StallListener> stallListeners() {
		return this.values.stallListeners;
	}

	/**
	 * Returns the packages of the application, whose code is to blame for a stall in
	 * preference to any other.
	 * @return names of packages; what is below them counts too
	 */
	public Set<String> applicationPackages() {
		return this.values.applicationPackages;
	}

	/**
	 * Returns the packages whose code is never to blame, beside those of well-known
	 * frameworks.
	 * @return names of packages; what is below them counts too
	 */
	public Set<String> frameworkPackages() {
		return this.values.frameworkPackages;
	}

	/**
	 * Returns what makes every thread; named after the runtime by default.
	 * @return the factory
	 */
	public ThreadFactory threadFactory() {
		return this.values.threadFactory;
	}

	/**
	 * Returns the clock; its readings must be those of the I/O drivers.
	 * @return the clock
	 */
	public Ticker ticker() {
		return this.values.ticker;
	}

	/**
	 * Returns the seed of the random choices of thieves.
	 * @return the seed
	 */
	public long seed() {
		return this.values.seed;
	}

	/**
	 * Returns what is called for every task that is spawned.
	 * @return the hooks
	 */
	public List<TaskHooks> taskHooks() {
		return this.values.taskHooks;
	}

	/**
	 * Returns what warnings tell a developer to do.
	 * @return the advice
	 */
	public Advice advice() {
		return this.values.advice;
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
	 * Collects changes to the defaults. Not thread-safe.
	 */
	public static final class Builder {

		private final ConfigValues values;

		private Builder(ConfigValues values) {
			this.values = values;
		}

		/**
		 * Sets the flavour.
		 * @param flavour the flavour
		 * @return this builder
		 */
		public Builder flavour(Flavour flavour) {
			this.values.flavour = Objects.requireNonNull(flavour, "flavour");
			return this;
		}

		/**
		 * Sets the number of workers.
		 * @param workers the number, or 0 for the processors that are available
		 * @return this builder
		 */
		public Builder workers(int workers) {
			this.values.workers = workers;
			return this;
		}

		/**
		 * Sets the slots of a run queue.
		 * @param queueCapacity a power of two
		 * @return this builder
		 */
		public Builder queueCapacity(int queueCapacity) {
			this.values.queueCapacity = queueCapacity;
			return this;
		}

		/**
		 * Sets the polls between two looks at the global queue.
		 * @param globalQueueInterval the interval, or 0 to tune it
		 * @return this builder
		 */
		public Builder globalQueueInterval(int globalQueueInterval) {
			this.values.globalQueueInterval = globalQueueInterval;
			return this;
		}

		/**
		 * Sets the polls between two looks at I/O and timers.
		 * @param eventInterval the interval
		 * @return this builder
		 */
		public Builder eventInterval(int eventInterval) {
			this.values.eventInterval = eventInterval;
			return this;
		}

		/**
		 * Sets the longest time that a busy worker leaves I/O unpolled.
		 * @param driverDelay the delay
		 * @return this builder
		 */
		public Builder driverDelay(Duration driverDelay) {
			this.values.driverDelay = Objects.requireNonNull(driverDelay, "driverDelay");
			return this;
		}

		/**
		 * Sets the items that one poll runs.
		 * @param budget the budget
		 * @return this builder
		 */
		public Builder budget(int budget) {
			this.values.budget = budget;
			return this;
		}

		/**
		 * Sets the time after which a poll yields.
		 * @param quantum the quantum
		 * @return this builder
		 */
		public Builder quantum(Duration quantum) {
			this.values.quantum = Objects.requireNonNull(quantum, "quantum");
			return this;
		}

		/**
		 * Sets the strands in a row that the last-woken slot may run.
		 * @param lifoPolls the number, or 0 for no slot
		 * @return this builder
		 */
		public Builder lifoPolls(int lifoPolls) {
			this.values.lifoPolls = lifoPolls;
			return this;
		}

		/**
		 * Sets how long a poll must have lasted before a thief may take the last-woken
		 * strand.
		 * @param lifoStealDelay the time, or zero for at once
		 * @return this builder
		 */
		public Builder lifoStealDelay(Duration lifoStealDelay) {
			this.values.lifoStealDelay = Objects.requireNonNull(lifoStealDelay, "lifoStealDelay");
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
			this.values.idleSpin = Objects.requireNonNull(idleSpin, "idleSpin");
			return this;
		}

		/**
		 * Sets the most threads for blocking work, without those that stand in for stuck
		 * workers when all are in use.
		 * @param blockingThreads the number
		 * @return this builder
		 */
		public Builder blockingThreads(int blockingThreads) {
			this.values.blockingThreads = blockingThreads;
			return this;
		}

		/**
		 * Sets on which threads runs what is known to block.
		 * @param kind the kind of threads
		 * @param maxVirtualThreads the most virtual ones, or 0 to go by the heap
		 * @return this builder
		 */
		public Builder blockingOn(BlockingThreads kind, int maxVirtualThreads) {
			this.values.blockingThreadKind = Objects.requireNonNull(kind, "kind");
			this.values.blockingVirtualThreads = maxVirtualThreads;
			return this;
		}

		/**
		 * Sets the jobs that may wait for a blocking thread.
		 * @param blockingQueueCapacity the number
		 * @return this builder
		 */
		public Builder blockingQueueCapacity(int blockingQueueCapacity) {
			this.values.blockingQueueCapacity = blockingQueueCapacity;
			return this;
		}

		/**
		 * Sets how long an idle blocking thread lives.
		 * @param blockingKeepAlive the time
		 * @return this builder
		 */
		public Builder blockingKeepAlive(Duration blockingKeepAlive) {
			this.values.blockingKeepAlive = Objects.requireNonNull(blockingKeepAlive, "blockingKeepAlive");
			return this;
		}

		/**
		 * Sets whether strands and tasks may wait for others on their threads, such as
		 * with {@link JoinHandle#join()}. They are rescued like all that block.
		 * @param allowBlocking whether they may
		 * @return this builder
		 */
		public Builder allowBlocking(boolean allowBlocking) {
			this.values.allowBlocking = allowBlocking;
			return this;
		}

		/**
		 * Sets how long a poll may last before its worker moves to another thread.
		 * @param stallThreshold the time
		 * @return this builder
		 */
		public Builder stallThreshold(Duration stallThreshold) {
			this.values.stallThreshold = Objects.requireNonNull(stallThreshold, "stallThreshold");
			return this;
		}

		/**
		 * Sets what is logged about stalls.
		 * @param stallLog what is logged
		 * @return this builder
		 */
		public Builder stallLog(StallLog stallLog) {
			this.values.stallLog = Objects.requireNonNull(stallLog, "stallLog");
			return this;
		}

		/**
		 * Sets who is told about stalls.
		 * @param stallListeners the listeners; may change with time
		 * @return this builder
		 */
		public Builder stallListeners(Iterable<StallListener> stallListeners) {
			this.values.stallListeners = Objects.requireNonNull(stallListeners, "stallListeners");
			return this;
		}

		/**
		 * Sets the packages whose code is to blame for a stall in preference to any
		 * other.
		 * @param applicationPackages names of packages; what is below them counts too
		 * @return this builder
		 */
		public Builder applicationPackages(Collection<String> applicationPackages) {
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
		public Builder frameworkPackages(Collection<String> frameworkPackages) {
			this.values.frameworkPackages = Set.copyOf(Objects.requireNonNull(frameworkPackages, "frameworkPackages"));
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
			this.values.threadFactory = Objects.requireNonNull(threadFactory, "threadFactory");
			return this;
		}

		/**
		 * Sets the clock.
		 * @param ticker the clock
		 * @return this builder
		 */
		public Builder ticker(Ticker ticker) {
			this.values.ticker = Objects.requireNonNull(ticker, "ticker");
			return this;
		}

		/**
		 * Sets the seed of random choices.
		 * @param seed the seed
		 * @return this builder
		 */
		public Builder seed(long seed) {
			this.values.seed = seed;
			return this;
		}

		/**
		 * Adds hooks that are called for every task.
		 * @param hooks the hooks
		 * @return this builder
		 */
		public Builder taskHooks(TaskHooks hooks) {
			Objects.requireNonNull(hooks, "hooks");
			this.values.taskHooks = Stream.concat(this.values.taskHooks.stream(), Stream.of(hooks)).toList();
			return this;
		}

		/**
		 * Sets what warnings tell a developer to do.
		 * @param advice the advice, in the words of whoever configures the runtime
		 * @return this builder
		 */
		public Builder advice(Advice advice) {
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

}
