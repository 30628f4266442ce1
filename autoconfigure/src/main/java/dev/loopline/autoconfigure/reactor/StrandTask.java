package dev.loopline.autoconfigure.reactor;

import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * One task of a {@link StrandScheduler}. Safe for use by many threads.
 */
class StrandTask implements Runnable, Disposable {

	/*-
	 * One word: null while the task waits, the thread that runs it, then DONE or DISPOSED. A thread that
	 * disposes a running task moves it through INTERRUPTING, and the running thread waits that out, so
	 * that the interrupt cannot hit what it runs next.
	 */

	private static final Logger logger = LoggerFactory.getLogger(StrandScheduler.class);

	private static final AtomicLongFieldUpdater<StrandTask> DEADLINE = AtomicLongFieldUpdater
		.newUpdater(StrandTask.class, "deadlineNanos");

	/** In place of a deadline, none of which is as low: a timer has fired for it. */
	private static final long TAKEN = Long.MIN_VALUE;

	private static final Object DONE = new Object();

	private static final Object DISPOSED = new Object();

	private static final Object INTERRUPTING = new Object();

	/**
	 * Not further than half of the clock's range, so that differences keep their sign.
	 */
	static final long FAR = Long.MAX_VALUE / 2;

	/** The one public way to Reactor's handling of errors: a task that throws. */
	private static final Scheduler ERRORS = Schedulers.fromExecutor(Runnable::run);

	final StrandScheduler scheduler;

	final @Nullable StrandWorker worker;

	private final Runnable body;

	private final AtomicReference<@Nullable Object> state = new AtomicReference<>();

	/** Set before the timer is. */
	private volatile long deadlineNanos;

	private volatile @Nullable Disposable timer;

	StrandTask(StrandScheduler scheduler, @Nullable StrandWorker worker, Runnable body) {
		this.scheduler = scheduler;
		this.worker = worker;
		this.body = Schedulers.onSchedule(Objects.requireNonNull(body, "task"));
	}

	/**
	 * Queues the task.
	 */
	final void submit() {
		if (this.worker != null && this.worker.isDisposed()) {
			throw Exceptions.failWithRejected();
		}
		this.scheduler.enter();
		try {
			target().execute(this);
		}
		catch (RejectedExecutionException | IllegalStateException ex) {
			this.scheduler.leave();
			throw Exceptions.failWithRejected(ex);
		}
	}

	/**
	 * Queues the task after a delay.
	 */
	final void arm(long delayNanos) {
		armAt(now() + Math.min(delayNanos, FAR));
	}

	/**
	 * Queues the task at a point in time.
	 */
	final void armAt(long deadlineNanos) {
		if (deadlineNanos - now() <= 0) {
			submit();
			return;
		}
		if (this.scheduler.isDisposed()) {
			throw Exceptions.failWithRejected();
		}
		this.deadlineNanos = deadlineNanos;
		if (this.worker != null) {
			this.worker.addDelayed(this);
		}
		this.scheduler.addDelayed(this);
		try {
			startTimer();
		}
		catch (RejectedExecutionException | IllegalStateException ex) {
			leaveDelayed();
			throw Exceptions.failWithRejected(ex);
		}
	}

	private void startTimer() {
		long deadline = this.deadlineNanos;
		if (deadline == TAKEN) {
			return; // it runs, and arranges for what comes then
		}
		boolean moved;
		do {
			moved = this.scheduler.isBequeathed();
			Disposable timer = target().scheduleAt(() -> due(deadline), deadline);
			this.timer = timer;
			Object state = this.state.get();
			if (state == DISPOSED) {
				timer.dispose();
			}
			if (state == DISPOSED || state == DONE) {
				forget(); // whoever ended it may not have seen the timer
			}
		}
		while (moved != this.scheduler.isBequeathed());
	}

	/**
	 * Waits where its scheduler's heir is from now on. That the timer before may fire,
	 * too, does no harm: one of them is the first.
	 */
	final void move() {
		Disposable before = this.timer;
		try {
			startTimer();
		}
		catch (RejectedExecutionException ex) {
			dispose();
		}
		if (before != null) {
			before.dispose();
		}
	}

	final long now() {
		return this.scheduler.ticker().nanos();
	}

	private SchedulerTarget target() {
		return (this.worker != null) ? this.worker.target() : this.scheduler.target();
	}

	private void due(long deadline) {
		if (!DEADLINE.compareAndSet(this, deadline, TAKEN)) {
			return; // by another timer, which was started when it moved
		}
		try {
			this.scheduler.enter();
		}
		catch (RejectedExecutionException ex) {
			dispose();
			return;
		}
		run();
	}

	@Override
	public final void run() {
		try {
			StrandWorker worker = this.worker;
			if (worker != null) {
				worker.started(this);
			}
			try {
				if (this.state.compareAndSet(null, Thread.currentThread())) {
					runUnlessDiscarded(worker);
				}
			}
			finally {
				if (worker != null) {
					worker.ended();
				}
			}
		}
		finally {
			this.scheduler.leave();
		}
	}

	private void runUnlessDiscarded(@Nullable StrandWorker worker) {
		boolean again = false;
		if (!this.scheduler.discards() && (worker == null || !worker.isDisposed())) {
			try {
				this.body.run();
				again = true;
			}
			catch (Throwable ex) {
				report(ex);
			}
		}
		if (!this.state.compareAndSet(Thread.currentThread(), again ? afterRun() : DONE)) {
			while (this.state.get() == INTERRUPTING) {
				Thread.onSpinWait();
			}
			Thread.interrupted(); // this task's, not the next one's
		}
		else if (!again || !runAgain()) {
			forget();
		}
	}

	private void report(Throwable failure) {
		try {
			ERRORS.schedule(() -> {
				throw Exceptions.propagate(failure);
			});
		}
		catch (Throwable ex) {
			logger.error("A task of {} failed, and so did who handles errors",
					(this.worker != null) ? this.worker : this.scheduler, failure);
		}
	}

	/**
	 * Returns the state that follows a run.
	 */
	@Nullable Object afterRun() {
		return DONE;
	}

	/**
	 * Arranges for the next run.
	 * @return {@code false} if there is none
	 */
	boolean runAgain() {
		return false;
	}

	@Override
	public final void dispose() {
		Object state = this.state.get();
		while (state != DONE && state != DISPOSED && state != INTERRUPTING) {
			Thread other = (state instanceof Thread thread && thread != Thread.currentThread()) ? thread : null;
			if (this.state.compareAndSet(state, (other != null) ? INTERRUPTING : DISPOSED)) {
				if (other != null) {
					other.interrupt();
					this.state.set(DISPOSED);
				}
				Disposable timer = this.timer;
				if (timer != null) {
					timer.dispose();
				}
				forget();
				return;
			}
			state = this.state.get();
		}
	}

	/**
	 * Disposes of the task if it waits, and leaves it alone if it runs.
	 */
	final void discard() {
		if (this.state.compareAndSet(null, DISPOSED)) {
			Disposable timer = this.timer;
			if (timer != null) {
				timer.dispose();
			}
			forget();
		}
	}

	private void forget() {
		if (this.timer != null) {
			leaveDelayed();
		}
	}

	private void leaveDelayed() {
		if (this.worker != null) {
			this.worker.removeDelayed(this);
		}
		this.scheduler.removeDelayed(this);
	}

	@Override
	public final boolean isDisposed() {
		Object state = this.state.get();
		return state == DONE || state == DISPOSED || state == INTERRUPTING || this.scheduler.discards()
				|| (this.worker != null && this.worker.isDisposed());
	}

}
