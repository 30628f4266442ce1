package dev.loopline.autoconfigure.reactor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.scheduler.Scheduler;

/**
 * A {@link Scheduler.Worker} that is a strand. Safe for use by many threads.
 */
final class StrandWorker implements Scheduler.Worker, Scannable {

	private static final VarHandle RUNNING;

	static {
		try {
			RUNNING = MethodHandles.lookup().findVarHandle(StrandWorker.class, "running", StrandTask.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private final StrandScheduler scheduler;

	/** Is forgotten when its scheduler has an heir. */
	private volatile @Nullable SchedulerTarget target;

	private final long number;

	/** Tasks that have a timer: those must be found when the worker is disposed. */
	@GuardedBy("this")
	private @Nullable Set<StrandTask> delayed;

	/** The task that runs now. */
	@SuppressWarnings("unused")
	private volatile @Nullable StrandTask running;

	private volatile boolean disposed;

	/** Where its tasks run once its scheduler has an heir. */
	@GuardedBy("this")
	private @Nullable SchedulerTarget heir;

	StrandWorker(StrandScheduler scheduler, SchedulerTarget target, long number) {
		this.scheduler = scheduler;
		this.target = target;
		this.number = number;
	}

	@Override
	public Disposable schedule(Runnable task) {
		StrandTask scheduled = new StrandTask(this.scheduler, this, task);
		scheduled.submit();
		return scheduled;
	}

	@Override
	public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
		StrandTask scheduled = new StrandTask(this.scheduler, this, task);
		scheduled.arm(unit.toNanos(delay));
		return scheduled;
	}

	@Override
	public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
		PeriodicStrandTask scheduled = new PeriodicStrandTask(this.scheduler, this, task, unit.toNanos(period));
		scheduled.start(unit.toNanos(initialDelay));
		return scheduled;
	}

	@Override
	public void dispose() {
		this.disposed = true;
		StrandTask running = this.running;
		if (running != null) {
			running.dispose();
		}
		takeDelayed().forEach(StrandTask::dispose);
		SchedulerTarget own = this.target;
		if (own != null) {
			own.delist(this);
		}
		synchronized (this) {
			if (this.heir != null) {
				this.heir.delist(this);
			}
		}
	}

	@Override
	public boolean isDisposed() {
		return this.disposed;
	}

	SchedulerTarget target() {
		SchedulerTarget own = this.target; // before looking for an heir
		return (own == null || this.scheduler.isBequeathed()) ? heir() : own;
	}

	private synchronized SchedulerTarget heir() {
		if (this.disposed) {
			throw Exceptions.failWithRejected();
		}
		if (this.heir == null) {
			this.heir = SchedulerTarget.of(this.scheduler.heir().createWorker());
			SchedulerTarget own = this.target;
			if (own != null) {
				own.delist(this);
				this.target = null;
			}
		}
		return this.heir;
	}

	void started(StrandTask task) {
		// Opaque: the read-modify-write of the task's state comes next,
		// then a look at disposed.
		RUNNING.setOpaque(this, task);
	}

	void ended() {
		RUNNING.setOpaque(this, null); // a task that has ended ignores its disposal
	}

	/**
	 * Keeps a task that has a timer, until it runs or is disposed.
	 */
	synchronized void addDelayed(StrandTask task) {
		if (this.disposed) {
			throw Exceptions.failWithRejected();
		}
		if (this.delayed == null) {
			this.delayed = new HashSet<>();
		}
		this.delayed.add(task);
	}

	synchronized void removeDelayed(StrandTask task) {
		if (this.delayed != null) {
			this.delayed.remove(task);
		}
	}

	private synchronized Set<StrandTask> takeDelayed() {
		Set<StrandTask> delayed = (this.delayed != null) ? this.delayed : Set.of();
		this.delayed = null;
		return delayed;
	}

	@Override
	@SuppressWarnings("rawtypes") // as declared by Reactor
	public @Nullable Object scanUnsafe(Attr key) {
		if (key == Attr.TERMINATED || key == Attr.CANCELLED) {
			return isDisposed();
		}
		if (key == Attr.PARENT) {
			return this.scheduler;
		}
		return (key == Attr.NAME) ? toString() : null;
	}

	@Override
	public String toString() {
		return this.scheduler + ".worker-" + this.number;
	}

}
