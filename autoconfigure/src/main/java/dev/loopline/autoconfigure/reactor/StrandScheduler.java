package dev.loopline.autoconfigure.reactor;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.time.Ticker;

/**
 * Runs Reactor's work on a {@link TaskRuntime}: each worker is a strand, so its tasks run
 * in order and one at a time, on whichever thread is free. Disposing it leaves the
 * runtime alone. Safe for use by many threads.
 */
public final class StrandScheduler implements Scheduler, Scannable {

	/*-
	 * Disposal
	 * --------
	 * A task looks at two flags before it runs, its scheduler's and its worker's, so that disposing
	 * either is O(1) for what is queued. Delayed tasks are also taken off the wheel with their worker.
	 * A task that runs is interrupted when it, or its worker, is disposed by another thread.
	 *
	 * Each submission first counts itself as pending and then looks at the state. Once that says
	 * STOPPING the count only falls, and when it is zero nothing runs and nothing will.
	 *
	 * Inheritance
	 * -----------
	 * One that stands for a scheduler of Reactor's outlives its runtime: from then on its heir does the work, and
	 * what waits for a timer waits there. Who starts a timer first adds it to those that wait, then looks whether
	 * there is an heir, and looks again afterwards; who bequeaths first says so, then moves all that wait. A timer
	 * that both of them have started counts once.
	 */

	private static final int RUNNING = 0;

	/** Accepts nothing, runs what was accepted. */
	private static final int STOPPING = 1;

	/** Runs nothing any more. */
	private static final int DISPOSED = 2;

	/** Between two looks whether everything that was accepted has run. */
	private static final Duration LOOK = Duration.ofMillis(1);

	private static final Supplier<TaskRuntime> ENDED = () -> {
		throw new IllegalStateException("The runtime has ended");
	};

	/** Is forgotten when there is an heir. */
	private volatile Supplier<TaskRuntime> runtime;

	private final String name;

	private final Kind kind;

	private volatile @Nullable Direct direct;

	private final LongAdder pending = new LongAdder();

	private final AtomicLong workers = new AtomicLong();

	private volatile int state = RUNNING;

	private final int capacity;

	/** Makes the heir; without it there is none. */
	private final @Nullable Supplier<Scheduler> heirs;

	/** Tasks that have a timer. */
	private final Set<StrandTask> delayed = ConcurrentHashMap.newKeySet();

	private volatile boolean bequeathed;

	private volatile @Nullable Scheduler heir;

	StrandScheduler(Supplier<TaskRuntime> runtime, String name, Kind kind) {
		this(runtime, name, kind, 0, null);
	}

	StrandScheduler(Supplier<TaskRuntime> runtime, String name, Kind kind, int capacity,
			@Nullable Supplier<Scheduler> heirs) {
		this.runtime = runtime;
		this.name = name;
		this.kind = kind;
		this.capacity = capacity;
		this.heirs = heirs;
	}

	/**
	 * Makes a scheduler for work that may run in parallel.
	 * @param runtime runs the work
	 * @return a new scheduler
	 */
	public static StrandScheduler of(TaskRuntime runtime) {
		Objects.requireNonNull(runtime, "runtime");
		return new StrandScheduler(() -> runtime, "loopline", Kind.PARALLEL);
	}

	/**
	 * Makes a scheduler whose work never runs in parallel.
	 * @param runtime runs the work
	 * @return a new scheduler
	 */
	public static StrandScheduler single(TaskRuntime runtime) {
		Objects.requireNonNull(runtime, "runtime");
		return new StrandScheduler(() -> runtime, "loopline-single", Kind.SINGLE);
	}

	@Override
	public Disposable schedule(Runnable task) {
		StrandTask scheduled = new StrandTask(this, null, task);
		scheduled.submit();
		return scheduled;
	}

	@Override
	public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
		StrandTask scheduled = new StrandTask(this, null, task);
		scheduled.arm(unit.toNanos(delay));
		return scheduled;
	}

	@Override
	public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
		PeriodicStrandTask scheduled = new PeriodicStrandTask(this, null, task, unit.toNanos(period));
		scheduled.start(unit.toNanos(initialDelay));
		return scheduled;
	}

	@Override
	public Worker createWorker() {
		Supplier<TaskRuntime> runtimes = this.runtime;
		SchedulerTarget direct = target();
		if (this.bequeathed) { // perhaps only just, and then that is the heir's
			return heir().createWorker();
		}
		SchedulerTarget own = this.kind.worker(runtimeOf(runtimes), direct);
		StrandWorker worker = new StrandWorker(this, own, this.workers.incrementAndGet());
		if (own != direct) {
			own.enlist(worker);
		}
		return worker;
	}

	@Override
	public long now(TimeUnit unit) {
		Ticker ticker = ticker();
		return (ticker != Ticker.system()) ? unit.convert(ticker.nanos(), TimeUnit.NANOSECONDS)
				: Scheduler.super.now(unit);
	}

	@Override
	public void init() {
		if (isDisposed()) {
			throw new IllegalStateException("%s was disposed and cannot be used again".formatted(this));
		}
	}

	@Override
	@SuppressWarnings("deprecation")
	public void start() {
		if (isDisposed()) {
			throw new UnsupportedOperationException("%s was disposed and cannot be started again".formatted(this));
		}
	}

	@Override
	public void dispose() {
		this.state = DISPOSED;
		Scheduler heir = this.heir;
		if (heir != null) {
			heir.dispose();
		}
		this.delayed.forEach(StrandTask::discard);
	}

	@Override
	public Mono<Void> disposeGracefully() {
		return Mono.defer(() -> {
			if (this.state == RUNNING) {
				this.state = STOPPING;
			}
			if (this.bequeathed) {
				Scheduler heir = this.heir;
				return ((heir != null) ? heir.disposeGracefully() : Mono.<Void>empty())
					.then(Mono.fromRunnable(this::dispose));
			}
			return awaitIdle().onErrorComplete(RejectedExecutionException.class);
		});
	}

	private Mono<Void> awaitIdle() {
		return Mono.create((sink) -> {
			TaskRuntime runtime = runtime();
			Runnable look = new Runnable() {

				@Override
				public void run() {
					if (StrandScheduler.this.pending.sum() == 0 || runtime.isShutdown()) {
						dispose();
						sink.success();
						return;
					}
					runtime.timers().schedule(this, LOOK.toNanos(), TimeUnit.NANOSECONDS);
				}

			};
			look.run();
		});
	}

	@Override
	public boolean isDisposed() {
		return this.state != RUNNING;
	}

	/**
	 * Returns the tasks that wait for a thread or run now.
	 */
	long pendingTasks() {
		return this.pending.sum();
	}

	/**
	 * Counts a task in.
	 * @throws RejectedExecutionException if nothing is accepted any more
	 */
	void enter() {
		this.pending.increment();
		if (this.state != RUNNING) {
			this.pending.decrement();
			throw Exceptions.failWithRejected();
		}
	}

	void leave() {
		this.pending.decrement();
	}

	/**
	 * Returns whether what was accepted must not run.
	 */
	boolean discards() {
		return this.state == DISPOSED;
	}

	/**
	 * Keeps a task that has a timer, until it has run or is disposed.
	 */
	void addDelayed(StrandTask task) {
		this.delayed.add(task);
		if (discards()) { // and who disposed of all may not have seen it
			task.discard();
		}
	}

	void removeDelayed(StrandTask task) {
		this.delayed.remove(task);
	}

	/**
	 * Leaves everything to an heir: the runtime is about to end.
	 */
	void bequeath() {
		this.bequeathed = true;
		synchronized (this) {
			this.direct = null;
		}
		this.delayed.forEach(StrandTask::move);
		this.runtime = ENDED; // which would keep its application context
	}

	boolean isBequeathed() {
		return this.bequeathed;
	}

	/**
	 * Returns the heir, which is made when it is needed.
	 */
	Scheduler heir() {
		Scheduler heir = this.heir;
		if (heir instanceof StrandScheduler former && former.bequeathed) {
			heir = former.heir();
			this.heir = heir;
		}
		return (heir != null) ? heir : newHeir();
	}

	private synchronized Scheduler newHeir() {
		Scheduler heir = this.heir;
		if (heir == null) {
			heir = Objects.requireNonNull(this.heirs, "heirs").get();
			this.heir = heir;
			if (this.state != RUNNING) {
				heir.dispose();
			}
		}
		return heir;
	}

	/**
	 * Returns the clock that tasks wait by.
	 */
	Ticker ticker() {
		Supplier<TaskRuntime> runtimes = this.runtime;
		return this.bequeathed ? Ticker.system() : runtimeOf(runtimes).config().ticker();
	}

	/**
	 * Returns the runtime of now.
	 * @throws RejectedExecutionException if it has ended with its application context
	 */
	TaskRuntime runtime() {
		return runtimeOf(this.runtime);
	}

	/**
	 * Asks one that was read before looking whether there is an heir.
	 */
	private static TaskRuntime runtimeOf(Supplier<TaskRuntime> runtimes) {
		try {
			return runtimes.get();
		}
		catch (IllegalStateException ex) {
			throw Exceptions.failWithRejected(ex);
		}
	}

	/**
	 * Returns where direct tasks run. The strand of a runtime that was restarted is of no
	 * use.
	 */
	SchedulerTarget target() {
		Supplier<TaskRuntime> runtimes = this.runtime;
		if (this.bequeathed) {
			return SchedulerTarget.of(heir());
		}
		TaskRuntime runtime = runtimeOf(runtimes);
		Direct direct = this.direct;
		return (direct != null && direct.isOf(runtime)) ? direct.target() : newTarget(runtime);
	}

	private synchronized SchedulerTarget newTarget(TaskRuntime runtime) {
		if (this.bequeathed) {
			return SchedulerTarget.of(heir());
		}
		Direct direct = this.direct;
		if (direct == null || !direct.isOf(runtime)) {
			int life = runtime.restarts(); // first: what is of a later one is made anew
			direct = new Direct(runtime, life, this.kind.direct(runtime));
			this.direct = direct;
			direct.target().enlist(this);
		}
		return direct.target();
	}

	@Override
	@SuppressWarnings("rawtypes") // as declared by Reactor
	public @Nullable Object scanUnsafe(Attr key) {
		if (key == Attr.TERMINATED || key == Attr.CANCELLED) {
			return isDisposed();
		}
		if (key == Attr.BUFFERED) {
			return (int) Math.min(Integer.MAX_VALUE, pendingTasks());
		}
		if (key == Attr.CAPACITY && this.capacity > 0) {
			return this.capacity;
		}
		return (key == Attr.NAME) ? toString() : null;
	}

	@Override
	public String toString() {
		return this.name;
	}

	/**
	 * Where direct tasks run, and in which life of which runtime.
	 */
	private record Direct(TaskRuntime runtime, int life, SchedulerTarget target) {

		boolean isOf(TaskRuntime runtime) {
			return this.runtime == runtime && this.life == runtime.restarts();
		}

	}

	/**
	 * Where direct tasks run and where those of a worker do.
	 */
	interface Kind {

		/** Each worker is a strand. */
		Kind PARALLEL = new Kind() {

			@Override
			public SchedulerTarget direct(TaskRuntime runtime) {
				return SchedulerTarget.of(runtime);
			}

			@Override
			public SchedulerTarget worker(TaskRuntime runtime, SchedulerTarget direct) {
				return SchedulerTarget.of(ContinuedWork.newStrandFrom(runtime));
			}

		};

		/** All workers are one strand. */
		Kind SINGLE = (runtime) -> SchedulerTarget.of(runtime.newStrand());

		/** Each worker is one of so many strands, and so are direct tasks. */
		static Kind strands(int count) {
			return new Kind() {

				@Override
				public SchedulerTarget direct(TaskRuntime runtime) {
					return new StrandsTarget(runtime, count);
				}

				@Override
				public SchedulerTarget worker(TaskRuntime runtime, SchedulerTarget direct) {
					return ((StrandsTarget) direct).next();
				}

			};
		}

		SchedulerTarget direct(TaskRuntime runtime);

		default SchedulerTarget worker(TaskRuntime runtime, SchedulerTarget direct) {
			return direct;
		}

		/** Threads that may block, at most so many. */
		static Kind blocking(int maxThreads, int queueCapacity) {
			return new Kind() {

				@Override
				public SchedulerTarget direct(TaskRuntime runtime) {
					return new BlockingTarget(runtime, maxThreads, queueCapacity);
				}

				@Override
				public SchedulerTarget worker(TaskRuntime runtime, SchedulerTarget direct) {
					return ((BlockingTarget) direct).serial();
				}

			};
		}

	}

}
