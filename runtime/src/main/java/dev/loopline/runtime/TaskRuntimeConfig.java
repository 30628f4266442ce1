package dev.loopline.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

import dev.loopline.runtime.stall.Advice;
import dev.loopline.runtime.stall.ForeignThreads;
import dev.loopline.runtime.stall.StallListener;
import dev.loopline.runtime.stall.StallLog;
import dev.loopline.runtime.time.Ticker;

/**
 * Every knob of a {@link TaskRuntime}. Immutable; values are checked on creation.
 */
public final class TaskRuntimeConfig {

	/** Nobody else has them. */
	private final ConfigValues values;

	TaskRuntimeConfig(ConfigValues values) {
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
	public static TaskRuntimeConfig of(Consumer<TaskRuntimeConfigBuilder> changes) {
		Objects.requireNonNull(changes, "changes");
		TaskRuntimeConfigBuilder builder = new TaskRuntimeConfigBuilder(new ConfigValues());
		changes.accept(builder);
		return builder.build();
	}

	/**
	 * Returns a builder that holds these values.
	 * @return a builder of another configuration
	 */
	public TaskRuntimeConfigBuilder toBuilder() {
		return new TaskRuntimeConfigBuilder(new ConfigValues(this.values));
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
		return this.values.workers();
	}

	/**
	 * Returns whether nobody has asked for a number of workers, so that it was that of
	 * the processors.
	 */
	boolean workersFollowProcessors() {
		return this.values.workersFollowProcessors;
	}

	/**
	 * Returns what counts the processors.
	 */
	IntSupplier processors() {
		return this.values.processors;
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
	 * Returns the share of the processors that polls have between them that compute for
	 * long, measured by processor time, while other work waits for a few milliseconds.
	 * @return the share, above 0 and at most 1; half by default
	 */
	public double burnShare() {
		return this.values.burnShare;
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
	 * Returns which threads of other libraries are watched.
	 * @return who knows them; {@link ForeignThreads#NONE} if none are
	 */
	public ForeignThreads foreignThreads() {
		return this.values.foreignThreads;
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

}
