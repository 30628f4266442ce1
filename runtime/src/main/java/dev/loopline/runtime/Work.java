package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.queue.Injected;
import dev.loopline.runtime.internal.stall.RunningStall;
import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.stall.WorkContext;
import dev.loopline.runtime.time.Ticker;

/**
 * What a worker polls: a strand or a task. In at most one queue at a time.
 */
abstract class Work extends Injected {

	/** Whether it is run only by its home worker, under the driver token. */
	private final boolean pinned;

	/**
	 * Whether it is run in the slow lane only. Changes at most within a poll.
	 */
	private volatile boolean slow;

	/** Whether it was made for work that blocks, which is then no news. */
	private final boolean blocking;

	/**
	 * Whether, when it is woken, it goes to the end of the queue. A hint: whoever does
	 * not see it yet is only less thrifty.
	 */
	private boolean gathering;

	/**
	 * How the last poll went if it was slow. A hint: it may be a poll late.
	 */
	private volatile Strand.@Nullable Pace slowPace;

	/** The priority if this is not in the queues of the workers. */
	private volatile @Nullable Priority unusualPriority;

	/**
	 * When it was queued; from the start of a poll on, that start. Zero if that is not
	 * timed. Belongs to whom the fields of a {@link StrandAccount} belong to.
	 */
	private long sinceNanos;

	Work(boolean pinned, Strand.Pace pace, boolean blocking) {
		this.pinned = pinned;
		this.slow = pace != Strand.Pace.FAST;
		this.blocking = blocking;
		if (this.slow) {
			this.slowPace = pace;
		}
	}

	/**
	 * Runs for a budget of items or one quantum of time. Only for the thread that
	 * dequeued it. Never throws.
	 * @param start the time now
	 * @return whether it must be put at the end of a queue again
	 */
	abstract boolean poll(int budget, long quantumNanos, Ticker ticker, long start);

	/**
	 * Gives up at the end of the runtime. Only when no thread polls it any more.
	 */
	abstract void close();

	/**
	 * Does so and never throws: others wait for their turn.
	 */
	final void closeSafely() {
		try {
			close();
		}
		catch (Throwable ex) {
			Failures.warn(Tasks.logger, ex, "{} could not be closed", this);
		}
	}

	/**
	 * Returns what it is working for, for the report of a stall.
	 */
	abstract @Nullable WorkContext context();

	/**
	 * Takes note of a stall of the running poll.
	 */
	void stalled(RunningStall stall) {
	}

	/**
	 * Returns whether every wait and every poll is timed. That would cost most tasks more
	 * than they do.
	 */
	final boolean isTimedAlways() {
		return this instanceof StrandAccount || this instanceof Continuation;
	}

	/**
	 * Notes that this is about to be put into a queue.
	 * @param now the time, or zero not to time the wait
	 */
	final void queued(long now) {
		this.sinceNanos = now;
	}

	/**
	 * Returns whether the wait that ends now was timed.
	 */
	final boolean isTimed() {
		return this.sinceNanos != 0 || isTimedAlways();
	}

	/**
	 * Notes the start of a poll.
	 * @return how long this has waited for it
	 */
	final long beginPoll(long now, int worker) {
		long waited = Math.max(0, now - this.sinceNanos);
		this.sinceNanos = now;
		if (this instanceof StrandAccount account) {
			account.pollBegan(waited, worker);
		}
		return waited;
	}

	/**
	 * Notes the end of a poll.
	 */
	final void endPoll(long nanos) {
		if (this instanceof StrandAccount account) {
			account.pollEnded(nanos);
		}
	}

	/**
	 * Notes that the poll that has just ended left work, and that this is about to be put
	 * into a queue.
	 * @return whether it had to end, and did not choose to
	 */
	boolean yielded(long now) {
		this.sinceNanos = now;
		return true;
	}

	final long sinceNanos() {
		return this.sinceNanos;
	}

	final boolean isPinned() {
		return this.pinned;
	}

	final Strand.Pace pace() {
		Strand.Pace pace = this.slowPace;
		return (pace != null) ? pace : Strand.Pace.FAST;
	}

	final boolean isFast() {
		return this.slowPace == null;
	}

	/**
	 * Says how polls are expected to go, from the next one on. Only within a poll.
	 */
	final void expect(Strand.Pace pace) {
		this.slow = pace != Strand.Pace.FAST;
		this.slowPace = this.slow ? pace : null;
	}

	void setPace(Strand.Pace pace) {
		Strand.Pace updated = (pace != Strand.Pace.FAST) ? pace : null;
		if (this.slowPace != updated && !this.slow) {
			this.slowPace = updated;
		}
	}

	/**
	 * Notes how a poll beside the workers went.
	 * @param pace the pace, or {@code null} if it was slow and nobody has seen why
	 */
	void ranBeside(Strand.@Nullable Pace pace) {
		if (pace != null) {
			setPace(pace);
		}
	}

	/**
	 * Takes note that a worker was taken away in the running poll. Only for the thread
	 * that did so.
	 */
	void lostWorker(Strand.Pace pace) {
		if (!isPinned()) {
			setPace(pace);
		}
	}

	/**
	 * Returns what stands for the route that this is of, if that was said.
	 */
	@Nullable Object route() {
		return null;
	}

	/**
	 * Returns the thread whose stack shows what the given one does, which polls this.
	 */
	Thread stackOwner(Thread poller) {
		return poller;
	}

	/**
	 * Returns whether no virtual thread can run this.
	 */
	boolean needsThread() {
		return false;
	}

	/**
	 * Lets workers run this although it was expected to be slow.
	 */
	final void admitToWorkers() {
		this.slowPace = null;
	}

	final boolean isBlocking() {
		return this.blocking;
	}

	final boolean isGathering() {
		return this.gathering;
	}

	final void startGathering() {
		this.gathering = true;
	}

	/**
	 * Returns whether this goes into the queues of the workers, and not into one of
	 * {@link PriorityQueues}.
	 */
	final boolean isNormal() {
		return this.unusualPriority == null;
	}

	/**
	 * Has this wait beside what is normal, for a share of the time. Only while it is in
	 * no queue.
	 */
	final void queueApart() {
		this.unusualPriority = Priority.NORMAL;
	}

	Priority priority() {
		Priority priority = this.unusualPriority;
		return (priority != null) ? priority : Priority.NORMAL;
	}

	void setPriority(Priority priority) {
		if (priority() != priority) {
			this.unusualPriority = (priority != Priority.NORMAL) ? priority : null;
		}
	}

}
