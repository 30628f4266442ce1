package dev.loopline.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;

/**
 * Something to run, most often by a strand, that waits for its time. Safe for use by many
 * threads.
 */
public final class StrandTimer {

	/*-
	 * ARMED is left once: by the holder of the driver token (FIRED) or by anybody (CANCELLED). The
	 * links belong to the holder of the token, so a cancelled timer is posted to its worker to be
	 * unlinked.
	 */

	private static final int ARMED = 0;

	private static final int FIRED = 1;

	private static final int CANCELLED = 2;

	private static final VarHandle STATE;

	static {
		try {
			STATE = MethodHandles.lookup().findVarHandle(StrandTimer.class, "state", int.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/** The worker whose wheel carries this timer. */
	private final Worker home;

	/** What runs the task; fires under the driver token, so it must only queue. */
	private final Executor target;

	/**
	 * Let go of when the timer is cancelled, which may be long before it is unlinked.
	 * Only for who leaves ARMED.
	 */
	private @Nullable Runnable task;

	private final long deadlineNanos;

	private volatile int state = ARMED;

	/** The wheel's tick at which to fire. */
	long tick;

	/** Neighbours in a slot of the wheel; null while the timer is in none. */
	@Nullable StrandTimer previous;

	@Nullable StrandTimer next;

	/** The slot of the wheel, or -1. */
	int slot = -1;

	StrandTimer(Strand strand, Runnable task, long deadlineNanos) {
		this(strand.home(), strand, task, deadlineNanos);
	}

	StrandTimer(Worker home, Executor target, Runnable task, long deadlineNanos) {
		this.home = home;
		this.target = target;
		this.task = task;
		this.deadlineNanos = deadlineNanos;
	}

	/**
	 * Disarms the timer, in constant time.
	 * @return {@code false} if it has fired or was cancelled before
	 */
	public boolean cancel() {
		if (!STATE.compareAndSet(this, ARMED, CANCELLED)) {
			return false;
		}
		this.task = null;
		this.home.disarm(this);
		return true;
	}

	/**
	 * Returns when the timer is due.
	 * @return a reading of the runtime's {@link Ticker}
	 */
	public long deadlineNanos() {
		return this.deadlineNanos;
	}

	/**
	 * Puts the timer on the wheel of its worker.
	 */
	void arm() {
		this.home.arm(this);
	}

	boolean isArmed() {
		return this.state == ARMED;
	}

	/**
	 * Queues the task unless the timer was cancelled.
	 */
	void fire() {
		Runnable task = this.task;
		if (task != null && STATE.compareAndSet(this, ARMED, FIRED)) {
			try {
				this.target.execute(task);
			}
			catch (RejectedExecutionException ex) {
				cancelFuture();
			}
		}
	}

	/**
	 * Gives up at the end of the runtime; a task that is a future is cancelled.
	 */
	void abandon() {
		if (STATE.compareAndSet(this, ARMED, CANCELLED)) {
			cancelFuture();
		}
	}

	/**
	 * Tells whoever waits for the task that it will never run.
	 */
	private void cancelFuture() {
		if (this.task instanceof Future<?> future) {
			future.cancel(false);
		}
		else if (this.task instanceof Task<?> sleeping) {
			sleeping.abort();
		}
	}

}
