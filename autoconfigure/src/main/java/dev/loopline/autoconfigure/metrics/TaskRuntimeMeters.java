package dev.loopline.autoconfigure.metrics;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Meter.Type;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.HistogramSnapshot;
import dev.loopline.runtime.RuntimeSnapshot;
import dev.loopline.runtime.WorkerSnapshot;

/**
 * The meters of a task runtime.
 */
public enum TaskRuntimeMeters implements MeterDocumentation {

	/** Workers. */
	WORKERS(runtime("workers", "Workers", Type.GAUGE, (runtime) -> runtime.workers().size())),

	/** Processors at this time. */
	PROCESSORS(runtime("processors", "Processors that the JVM has at this time", Type.GAUGE,
			(runtime) -> runtime.scheduling().processors())),

	/** Workers that sleep. */
	WORKERS_PARKED(runtime("workers.parked", "Workers that sleep", Type.GAUGE,
			(runtime) -> runtime.scheduling().parkedWorkers())),

	/** Workers that look for work to steal. */
	WORKERS_SEARCHING(runtime("workers.searching", "Workers that look for work to steal", Type.GAUGE,
			(runtime) -> runtime.scheduling().searchingWorkers())),

	/** Work in the global queue. */
	INJECTOR_DEPTH(runtime("injector.depth", "Work in the global queue", Type.GAUGE,
			(runtime) -> runtime.scheduling().injectorDepth())),

	/** Work that was scheduled from outside the workers. */
	SCHEDULES_REMOTE(runtime("schedules.remote", "Work that was scheduled from outside the workers", Type.COUNTER,
			(runtime) -> runtime.scheduling().remoteSchedules())),

	/** Polls that ended with work left. */
	COOP_YIELDS(runtime("coop.yields", "Polls that ended with work left", Type.COUNTER,
			(runtime) -> sum(runtime, (worker) -> worker.polls().yields()))),

	/** Workers that were moved away from a stuck thread. */
	HANDOFFS(runtime("handoffs", "Workers that were moved away from a stuck thread", Type.COUNTER,
			(runtime) -> runtime.handoffs().count())),

	/** Handoffs that failed, as no thread was spare. */
	EXHAUSTIONS(runtime("exhaustions", "Handoffs that failed, as no thread was spare", Type.COUNTER,
			(runtime) -> runtime.handoffs().exhaustions())),

	/** How long there has been no spare thread. */
	EXHAUSTED(new Definition("exhausted", "Time that a stuck worker has waited for a thread", Type.GAUGE, "seconds",
			(runtime) -> seconds(runtime.handoffs().exhaustedFor()), null, null)),

	/** Polls that outlasted the stall threshold. */
	STALLS("stalls", "Polls that outlasted the stall threshold", Type.COUNTER, null, Tag.KIND),

	/** How long those lasted. */
	STALLS_TIME("stalls.time", "Time of polls that outlasted the stall threshold", Type.COUNTER, "seconds", Tag.KIND),

	/** Those of them whose route is known. */
	STALLS_ROUTE("route.stalls", "Polls for a route that outlasted the stall threshold and have ended", Type.COUNTER,
			null, Tag.ROUTE),

	/** Threads that are not the runtime's and that the application kept. */
	FOREIGN_STALLS("foreign.stalls",
			"Code of the application that kept a thread of another library for longer than the stall threshold",
			Type.COUNTER, null, Tag.LIBRARY),

	/** Slow work that waits for a thread beside the workers. */
	LANE_DEPTH(runtime("lane.depth", "Slow work that waits for a thread beside the workers", Type.GAUGE,
			(runtime) -> runtime.lane().depth())),

	/** Polls of slow work beside the workers. */
	LANE_ADMISSIONS(runtime("lane.admissions", "Polls of slow work that were begun beside the workers", Type.COUNTER,
			(runtime) -> runtime.lane().admissions())),

	/** Time of polls beside the workers. */
	LANE_POLL_TIME(timer("lane.poll.time", "Time of polls beside the workers", (runtime) -> runtime.lane().pollTime())),

	/** Threads for work that blocks. */
	BLOCKING_THREADS(runtime("blocking.threads", "Threads for work that blocks, spare ones included", Type.GAUGE,
			(runtime) -> runtime.blocking().threads())),

	/** Threads for work that blocks that have none. */
	BLOCKING_THREADS_IDLE(runtime("blocking.threads.idle", "Threads for work that blocks that have none", Type.GAUGE,
			(runtime) -> runtime.blocking().idleThreads())),

	/** Virtual threads for requests that block. */
	BLOCKING_THREADS_VIRTUAL(runtime("blocking.threads.virtual", "Virtual threads that run requests that block",
			Type.GAUGE, (runtime) -> runtime.lane().virtualThreads())),

	/** Jobs that wait for such a thread. */
	BLOCKING_QUEUE_DEPTH(runtime("blocking.queue.depth", "Jobs that wait for a thread for work that blocks", Type.GAUGE,
			(runtime) -> runtime.blocking().queueDepth())),

	/** Threads that could not be started. */
	BLOCKING_THREAD_START_FAILURES(
			runtime("blocking.thread.start.failures", "Times that a thread for work that blocks could not be started",
					Type.COUNTER, (runtime) -> runtime.blocking().startFailures())),

	/** Requests that were refused. */
	BLOCKING_REFUSED("blocking.refused", "Requests that were refused, as too many of their route waited for a thread",
			Type.COUNTER, null, Tag.ROUTE),

	/** Strands that are alive. */
	STRANDS_LIVE("strands.live", "Strands that are alive", Type.GAUGE, null, Tag.KIND),

	/** Strands that were ever listed. */
	STRANDS_LISTED(runtime("strands.listed", "Strands that were ever listed", Type.COUNTER,
			(runtime) -> runtime.strands().listed())),

	/** Tasks that were ever spawned. */
	TASKS_SPAWNED(runtime("tasks.spawned", "Tasks that were ever spawned", Type.COUNTER,
			(runtime) -> runtime.tasks().spawned())),

	/** Tasks that have not ended. */
	TASKS_LIVE(runtime("tasks.live", "Tasks that have not ended", Type.GAUGE, (runtime) -> runtime.tasks().live())),

	/** Those of them that have waited for something. */
	TASKS_SUSPENDED(runtime("tasks.suspended", "Tasks that have waited for something and have not ended", Type.GAUGE,
			(runtime) -> runtime.tasks().suspended())),

	/** Tasks that failed. */
	TASKS_FAILURES(runtime("tasks.failures", "Tasks that failed", Type.COUNTER, (runtime) -> runtime.tasks().failed())),

	/** Time that work waited for a worker. */
	SCHEDULE_LATENCY(timer("schedule.latency", "Time that work waited for a worker", RuntimeSnapshot::scheduleLatency)),

	/** Time of polls on workers. */
	POLL_TIME(timer("poll.time", "Time of polls on workers", RuntimeSnapshot::pollTime)),

	/** Time spent in polls. */
	WORKER_BUSY(worker("worker.busy", "Time spent in polls, the running one included", Type.COUNTER, "seconds",
			(worker) -> seconds(worker.busy()))),

	/** Time of the running poll. */
	WORKER_RUNNING(worker("worker.running", "Time that the running poll has lasted", Type.GAUGE, "seconds",
			(worker) -> seconds(worker.runningFor()))),

	/** Polls of strands and tasks. */
	WORKER_POLLS(
			worker("worker.polls", "Polls of strands and tasks", Type.COUNTER, (worker) -> worker.polls().count())),

	/** Times that a worker went to sleep. */
	WORKER_PARKS(worker("worker.parks", "Times that the worker went to sleep", Type.COUNTER,
			(worker) -> worker.search().parks())),

	/** Times that a worker woke up for nothing. */
	WORKER_NOOPS(worker("worker.noops", "Times that the worker woke up and found nothing", Type.COUNTER,
			(worker) -> worker.search().noops())),

	/** Work that was stolen. */
	WORKER_STEALS(worker("worker.steals", "Work taken from other threads", Type.COUNTER,
			(worker) -> worker.search().steals())),

	/** Thefts. */
	WORKER_STEAL_OPERATIONS(worker("worker.steal.operations", "Times that work was taken from another thread",
			Type.COUNTER, (worker) -> worker.search().stealOperations())),

	/** Strands that a worker woke. */
	WORKER_SCHEDULES_LOCAL(worker("worker.schedules.local", "Work woken by what the worker runs or its driver",
			Type.COUNTER, (worker) -> worker.queue().localSchedules())),

	/** Times that a queue was full. */
	WORKER_OVERFLOWS(worker("worker.overflows", "Times that the queue was full", Type.COUNTER,
			(worker) -> worker.queue().overflows())),

	/** Strands in a queue. */
	WORKER_QUEUE_DEPTH(
			worker("worker.queue.depth", "Work in the worker's queue", Type.GAUGE, (worker) -> worker.queue().depth())),

	/** Timers that are armed. */
	WORKER_TIMERS_ARMED(
			worker("worker.timers.armed", "Timers that are armed", Type.GAUGE, (worker) -> worker.io().timersArmed())),

	/** Polls of drivers. */
	WORKER_DRIVER_POLLS(
			worker("worker.driver.polls", "Polls of a driver, for I/O", Type.COUNTER, (worker) -> worker.io().polls())),

	/** Polls of other workers' drivers. */
	WORKER_DRIVER_POLLS_PEER(worker("worker.driver.polls.peer", "Polls of the driver of a busy peer that found events",
			Type.COUNTER, (worker) -> worker.io().peerPolls())),

	/** Wake-ups of a driver. */
	WORKER_DRIVER_WAKEUPS(worker("worker.driver.wakeups", "Times that the driver was told to wake up", Type.COUNTER,
			(worker) -> worker.io().driver().wakeups())),

	/** I/O events and timers. */
	WORKER_IO_EVENTS(worker("worker.io.events", "I/O events and timers that were dispatched", Type.COUNTER,
			(worker) -> worker.io().events())),

	/** Channels. */
	WORKER_IO_REGISTERED(worker("worker.io.registered", "Channels that are registered with the driver", Type.GAUGE,
			(worker) -> worker.io().driver().registered())),

	/** Registrations of channels. */
	WORKER_IO_REGISTRATIONS(worker("worker.io.registrations", "Channels that were ever registered with the driver",
			Type.COUNTER, (worker) -> worker.io().driver().registrations())),

	/** Channels that were silenced. */
	WORKER_IO_MUTES(worker("worker.io.mutes", "Times that a channel was silenced as its strand was busy", Type.COUNTER,
			(worker) -> worker.io().driver().mutes()));

	private final String name;

	private final String description;

	private final Type type;

	private final @Nullable String unit;

	private final KeyName[] keyNames;

	final @Nullable ToDoubleFunction<RuntimeSnapshot> ofRuntime;

	final @Nullable ToDoubleFunction<WorkerSnapshot> ofWorker;

	final @Nullable Function<RuntimeSnapshot, HistogramSnapshot> timer;

	TaskRuntimeMeters(String name, String description, Type type, @Nullable String unit, KeyName... keyNames) {
		this(new Definition(name, description, type, unit, null, null, null), keyNames);
	}

	TaskRuntimeMeters(Definition definition) {
		this(definition, (definition.ofWorker() != null) ? new KeyName[] { Tag.WORKER } : new KeyName[0]);
	}

	TaskRuntimeMeters(Definition definition, KeyName[] keyNames) {
		this.name = "loopline." + definition.name();
		this.description = definition.description();
		this.type = definition.type();
		this.unit = definition.unit();
		this.keyNames = keyNames;
		this.ofRuntime = definition.ofRuntime();
		this.ofWorker = definition.ofWorker();
		this.timer = definition.timer();
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public Meter.Type getType() {
		return this.type;
	}

	@Override
	public @Nullable String getBaseUnit() {
		return this.unit;
	}

	@Override
	public KeyName[] getKeyNames() {
		return this.keyNames.clone();
	}

	/**
	 * Returns what the meter says.
	 * @return a description
	 */
	public String getDescription() {
		return this.description;
	}

	private static Definition runtime(String name, String description, Type type,
			ToDoubleFunction<RuntimeSnapshot> value) {
		return new Definition(name, description, type, null, value, null, null);
	}

	private static Definition timer(String name, String description,
			Function<RuntimeSnapshot, HistogramSnapshot> histogram) {
		return new Definition(name, description, Type.TIMER, null, null, null, histogram);
	}

	private static Definition worker(String name, String description, Type type,
			ToDoubleFunction<WorkerSnapshot> value) {
		return worker(name, description, type, null, value);
	}

	private static Definition worker(String name, String description, Type type, @Nullable String unit,
			ToDoubleFunction<WorkerSnapshot> value) {
		return new Definition(name, description, type, unit, null, value, null);
	}

	private static double sum(RuntimeSnapshot runtime, ToDoubleFunction<WorkerSnapshot> value) {
		return runtime.workers().stream().mapToDouble(value).sum();
	}

	static double seconds(Duration duration) {
		return duration.toNanos() / 1e9;
	}

	/**
	 * The tags.
	 */
	public enum Tag implements KeyName {

		/** The number of a worker. */
		WORKER("worker"),

		/**
		 * A {@link dev.loopline.runtime.StrandKind} or
		 * {@link dev.loopline.runtime.stall.Stall.Kind}, in lower case.
		 */
		KIND("kind"),

		/** Method and pattern of a route, or the pattern of a blocking route. */
		ROUTE("route"),

		/** The library that made a thread, one of few. */
		LIBRARY("library");

		private final String key;

		Tag(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/**
	 * What a constant is made of.
	 */
	private record Definition(String name, String description, Type type, @Nullable String unit,
			@Nullable ToDoubleFunction<RuntimeSnapshot> ofRuntime, @Nullable ToDoubleFunction<WorkerSnapshot> ofWorker,
			@Nullable Function<RuntimeSnapshot, HistogramSnapshot> timer) {
	}

}
