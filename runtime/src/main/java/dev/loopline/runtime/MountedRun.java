package dev.loopline.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.thread.ThreadProbe;
import dev.loopline.runtime.stall.Stall;

/**
 * A poll on a virtual thread that the workers run.
 */
final class MountedRun extends LaneRun implements Executor {

	/*-
	 * A virtual thread on the workers
	 * -------------------------------
	 * 1. The JDK hands the continuation of the thread to its executor, this, for its start and whenever what it
	 *    waited for has happened. It becomes work like any other: queued, stolen, counted, polled (Continuation).
	 * 2. A poll lasts from there until the thread waits or ends. A thread that waits is nowhere but on the heap.
	 *    As the next continuation may be queued, and even run, while the poll of the last one has not returned yet,
	 *    each is an object of its own, and the sums that both change are changed atomically.
	 * 3. What the poll of the work has done is the sum of these: the time on workers, the time in queues, and the
	 *    rest, in which it waited. So nobody has to look at a thread that waits.
	 * 4. A continuation that keeps its worker for too long loses it like everybody else (Handoff): one that burns,
	 *    and one that waits in a place that a virtual thread cannot leave, such as a native method. Its further
	 *    continuations are carried by threads of the lane, and soon the whole route is (Misfits).
	 * 5. Threads that the application makes within have this executor too, and may outlive it: they are carried
	 *    alike, and nothing of them is accounted for.
	 */

	private static final VarHandle ACTIVE;

	private static final VarHandle USED;

	private static final VarHandle QUEUED;

	static {
		try {
			MethodHandles.Lookup lookup = MethodHandles.lookup();
			ACTIVE = lookup.findVarHandle(MountedRun.class, "active", int.class);
			USED = lookup.findVarHandle(MountedRun.class, "usedNanos", long.class);
			QUEUED = lookup.findVarHandle(MountedRun.class, "queuedNanos", long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/** That of our own thread. Written before the thread starts. */
	private @Nullable Runnable continuation;

	/** How its continuations are to be run. */
	private volatile Strand.Pace pace = Strand.Pace.FAST;

	/** Continuations that are queued or run. */
	private volatile int active;

	/** On workers, without the running poll. */
	private volatile long usedNanos;

	/** In queues, since the first poll. */
	private volatile long queuedNanos;

	/** Set by the thread itself in its last continuation. */
	private boolean ended;

	/** When the running poll began. Only for the thread itself. */
	private long mountedSince;

	/** When everybody went on after a pause. Only for the monitor. */
	private long resumed = Long.MIN_VALUE;

	MountedRun(SlowLane lane, LaneLine line, LaneLine.Waiting waiting) {
		super(lane, line, waiting);
	}

	@Override
	boolean start(int beyond) {
		return this.lane.startVirtual(this, this);
	}

	@Override
	public void run() {
		pollOnce();
		this.ended = true; // the rest is for whoever carries this
	}

	/**
	 * Called by the JDK, on any thread. Must not fail.
	 */
	@Override
	public void execute(Runnable continuation) {
		if (this.continuation == null) {
			this.continuation = continuation; // of the start, by whoever starts it
		}
		boolean own = continuation == this.continuation;
		if (own) {
			ACTIVE.getAndAdd(this, 1);
		}
		this.lane.carry(new Continuation(this, continuation, own, own ? this.pace : Strand.Pace.FAST));
	}

	/**
	 * Takes note that a continuation begins to run.
	 */
	void mounted(long queuedNanos, long now) {
		if (thread() != null) {
			QUEUED.getAndAdd(this, queuedNanos);
		}
		this.mountedSince = now;
	}

	/**
	 * Takes note that a continuation has returned.
	 */
	void unmounted(long nanos) {
		USED.getAndAdd(this, nanos);
		ACTIVE.getAndAdd(this, -1);
		if (this.ended) {
			this.ended = false; // no continuation follows
			end();
		}
	}

	/**
	 * Takes note that a worker was taken away from a continuation.
	 */
	void lostWorker(Strand.Pace pace) {
		this.pace = pace;
		this.lane.misfits().add(this.work.route());
	}

	/**
	 * Changes how the next continuation is to be run.
	 */
	void setContinuationPace(Strand.Pace pace) {
		this.pace = pace;
	}

	int active() {
		return this.active;
	}

	long usedNanos() {
		return this.usedNanos;
	}

	@Override
	Strand.@Nullable Pace pace(long nanos) {
		long threshold = this.lane.threshold();
		if (nanos < threshold) {
			return Strand.Pace.FAST;
		}
		if (this.pace == Strand.Pace.BURNING) {
			return Strand.Pace.BURNING;
		}
		long used = this.usedNanos + this.lane.nanos() - this.mountedSince;
		long waited = nanos - used - this.queuedNanos;
		if (waited >= used && waited >= threshold / IDLE_SHARE) {
			return Strand.Pace.BLOCKING;
		}
		return (used + waited < threshold) ? Strand.Pace.FAST : null;
	}

	@Override
	void check(ThreadProbe probe, long now, long since) {
		this.resumed = since;
	}

	@Override
	boolean observe(ThreadProbe probe, long now) {
		Thread thread = thread();
		if (thread == null || this.active > 0) {
			return true;
		}
		long waited = Math.min(now - startNanos() - this.usedNanos - this.queuedNanos, now - this.resumed);
		if (waited < this.lane.threshold()) {
			return true;
		}
		if (!this.work.isBlocking()) {
			stall(Stall.Kind.BLOCKING, thread, now);
		}
		return false;
	}

}
