package dev.loopline.runtime;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.internal.support.Failures;

/**
 * Starts tasks and knows those that have not ended. Safe for use by many threads.
 */
final class Tasks {

	/** Of everything that users should know of their tasks. */
	static final Logger logger = LoggerFactory.getLogger(JoinHandle.class);

	@SuppressWarnings("NullAway") // there is no other Void
	private static final Callable<Void> NOTHING = () -> null;

	private final Scheduler scheduler;

	private final List<TaskHooks> hooks;

	private final SuspendedTasks suspended;

	private final UnobservedFailures unobserved;

	private final AtomicLong lastId = new AtomicLong();

	/** Tasks that were queued outside the workers, which count for themselves. */
	private final LongAdder spawnedOutside = new LongAdder();

	/** Tasks that wait first. */
	private final LongAdder sleeps = new LongAdder();

	private final LongAdder endedOutside = new LongAdder();

	private final LongAdder failures = new LongAdder();

	Tasks(Scheduler scheduler) {
		this.scheduler = scheduler;
		this.hooks = scheduler.config().taskHooks();
		this.suspended = new SuspendedTasks(scheduler.config().workers());
		this.unobserved = new UnobservedFailures(scheduler);
	}

	<T> JoinHandle<T> spawn(Task<T> task) {
		this.scheduler.refuseAfterEnd();
		if (!this.hooks.isEmpty()) {
			task.observer = TaskObservers.onSpawn(this.hooks, task.handle);
		}
		WorkerThread current = started();
		if (current != null) {
			current.schedule(task);
		}
		else {
			this.scheduler.scheduleFromOutside(task);
		}
		return task.handle;
	}

	/**
	 * Counts a task that is about to be queued.
	 * @return the worker loop that the calling thread is inside of, if any
	 */
	private @Nullable WorkerThread started() {
		WorkerThread current = this.scheduler.currentWorkerThread();
		if (current != null) {
			current.stats.tasksSpawned++;
		}
		else {
			this.spawnedOutside.increment();
		}
		return current;
	}

	/**
	 * Counts a task that is not queued yet.
	 */
	void startedToSleep() {
		this.sleeps.increment();
	}

	/**
	 * Starts a task behind everything that the calling worker has to run.
	 */
	JoinHandle<Void> yieldNow() {
		this.scheduler.refuseAfterEnd();
		Task<Void> task = new CallableTask<>(this, null, NOTHING);
		WorkerThread current = started();
		if (current != null) {
			current.scheduleLast(task);
		}
		else {
			this.scheduler.scheduleFromOutside(task);
		}
		return task.handle;
	}

	/**
	 * Lets the hooks decorate what is not a task.
	 */
	Runnable decorate(Runnable work) {
		Runnable decorated = work;
		for (TaskHooks hook : this.hooks) {
			decorated = decorate(decorated, hook, TaskHooks::onSubmit);
		}
		return decorated;
	}

	/**
	 * Lets the hooks decorate a blocking job.
	 */
	<T> Callable<T> decorate(Callable<T> job) {
		Callable<T> decorated = job;
		for (TaskHooks hook : this.hooks) {
			decorated = decorate(decorated, hook, TaskHooks::onSpawnBlocking);
		}
		return decorated;
	}

	/**
	 * Goes on without a hook that fails.
	 */
	private static <T> T decorate(T work, TaskHooks hook, BiFunction<TaskHooks, T, T> decoration) {
		try {
			return Objects.requireNonNull(decoration.apply(hook, work), "decorated");
		}
		catch (Throwable ex) {
			Failures.warn(logger, ex, "A hook threw an exception: {}", hook);
			return work;
		}
	}

	/**
	 * Counts the end of a task, whose handle has the outcome.
	 */
	void ended(Task<?> task) {
		WorkerThread current = this.scheduler.currentWorkerThread();
		if (current != null) {
			current.stats.tasksEnded++;
		}
		else {
			this.endedOutside.increment();
		}
		TaskObservers observer = task.observer;
		if (observer != null) {
			observer.onTerminate();
		}
	}

	void failed(Task<?> task, Throwable cause) {
		this.failures.increment();
		if (!task.hasJoinInterest()) {
			this.unobserved.add(task, task::hasJoinInterest, cause);
		}
	}

	/**
	 * Ends what is suspended, at the end of the runtime.
	 */
	void close() {
		Failures.attempt(logger, () -> this.suspended.forEach(Integer.MAX_VALUE, Task::abort));
		Failures.attempt(logger, this.unobserved::flush);
	}

	Scheduler scheduler() {
		return this.scheduler;
	}

	UnobservedFailures unobserved() {
		return this.unobserved;
	}

	long nextId() {
		return this.lastId.incrementAndGet();
	}

	SuspendedTasks suspended() {
		return this.suspended;
	}

	long spawnedOutside() {
		return this.spawnedOutside.sum();
	}

	long sleeps() {
		return this.sleeps.sum();
	}

	long endedOutside() {
		return this.endedOutside.sum();
	}

	long failures() {
		return this.failures.sum();
	}

	/**
	 * Lists tasks that have not ended: those that run first, then those that wait for a
	 * worker, then those that are suspended.
	 */
	List<TaskSnapshot> snapshot(int limit) {
		Set<Task<?>> found = new LinkedHashSet<>();
		for (WorkerThread thread : this.scheduler.threads()) {
			add((thread.pollStart() != 0) ? thread.running() : null, found, limit);
		}
		for (WorkerThread thread : this.scheduler.threads()) {
			thread.forEachQueued((queued) -> add(queued, found, limit));
		}
		this.scheduler.injector().forEach((queued) -> add(queued, found, limit));
		this.suspended.forEach(limit, (task) -> add(task, found, limit));
		List<TaskSnapshot> snapshots = new ArrayList<>(found.size());
		found.forEach((task) -> snapshots.add(TaskSnapshot.of(task.handle)));
		return snapshots;
	}

	private static void add(@Nullable Work queued, Set<Task<?>> found, int limit) {
		if (queued instanceof Task<?> task && !task.isComplete() && found.size() < limit) {
			found.add(task);
		}
	}

}
