package dev.loopline.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.time.Ticker;

/**
 * Something to run, most often by a strand, that waits for its time. Safe for use by many
 * threads.
 */
public final class StrandTimer {

	/*-
	 * ARMED becomes LINKED when the holder of the driver token puts the timer on the wheel. The two are left
	 * once: by the holder of the token (FIRED) or by anybody (CANCELLED). The links belong to the holder of
	 * the token, so a timer that is cancelled on the wheel is posted to its worker to be unlinked. Most are
	 * cancelled before they get there.
	 */

	private static final int ARMED = 0;

	private static final int LINKED = 1;

	private static final int FIRED = 2;

	private static final int CANCELLED = 3;

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
	 * Only for who leaves ARMED or LINKED.
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
		int before = end(CANCELLED);
		if (before > LINKED) {
			return false;
		}
		this.task = null;
		if (before == LINKED) {
			this.home.disarm(this);
		}
		return true;
	}

	/**
	 * Leaves ARMED or LINKED.
	 * @return the state before; nothing has changed if it is another one
	 */
	private int end(int after) {
		for (;;) {
			int before = this.state;
			if (before > LINKED || STATE.compareAndSet(this, before, after)) {
				return before;
			}
		}
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
		return this.state <= LINKED;
	}

	/**
	 * Notes that the timer is about to be put on the wheel. Only for the holder of the
	 * driver token.
	 * @return {@code false} if it was cancelled
	 */
	boolean link() {
		return STATE.compareAndSet(this, ARMED, LINKED);
	}

	/**
	 * Queues the task unless the timer was cancelled.
	 */
	void fire() {
		Runnable task = this.task;
		if (task != null && end(FIRED) <= LINKED) {
			try {
				this.target.execute(task);
			}
			catch (RejectedExecutionException ex) {
				cancelFuture();
			}
			catch (Throwable ex) { // the others of its slot must fire all the same
				Failures.warn(Tasks.logger, ex, "A timer could not queue {}", task);
				cancelFuture();
			}
		}
	}

	/**
	 * Gives up at the end of the runtime; a task that is a future is cancelled.
	 */
	void abandon() {
		if (end(CANCELLED) <= LINKED) {
			cancelFuture();
		}
	}

	/**
	 * Tells whoever waits for the task that it will never run.
	 */
	private void cancelFuture() {
		try {
			if (this.task instanceof Future<?> future) {
				future.cancel(false);
			}
			else if (this.task instanceof Task<?> sleeping) {
				sleeping.abort();
			}
		}
		catch (Throwable ex) {
			Failures.warn(Tasks.logger, ex, "{} failed to be cancelled", this.task);
		}
	}

}
