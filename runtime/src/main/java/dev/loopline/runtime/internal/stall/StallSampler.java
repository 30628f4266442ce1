package dev.loopline.runtime.internal.stall;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Set;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.internal.thread.BlockingPool;
import dev.loopline.runtime.internal.thread.ThreadProbe;
import dev.loopline.runtime.stall.WorkDescription;

/**
 * Takes stacks of stuck threads, few enough to cost next to nothing. Safe for use by many
 * threads.
 */
final class StallSampler {

	/*-
	 * The cost
	 * --------
	 * A stack of 130 frames costs 30 to 100 us of processor time. On JDK 17 all threads are stopped for
	 * it, which takes a millisecond or more where a burner has to be given the processor first; on newer
	 * JDKs only the one thread is, and the caller waits for it. Hence the budget, 10 stacks a second or
	 * a tenth of a per cent of a processor, and a thread of its own: the monitor must not wait for a loop
	 * that the JVM cannot stop.
	 *
	 * Half of the budget is kept for work that was never sampled, so that a frequent culprit cannot hide
	 * a rare one. What is known waits for the other half, the latest few of it: beside ten thousand that block
	 * in a second, what waits would keep ten thousand requests from being collected.
	 */

	private static final Logger logger = LoggerFactory.getLogger(StallSampler.class);

	private static final int BUDGET = 10;

	private static final int RESERVE = BUDGET / 2;

	private static final long REFILL_NANOS = 100_000_000;

	/** Stalls of known work that wait. */
	static final int KNOWN = 16;

	/** Deeper than any thread is on its way out of a poll. */
	private static final int DEEP = 128;

	private final StallRecorder stalls;

	private final Set<String> pollingClasses;

	private final BlockingPool thread;

	@GuardedBy("this")
	private final ArrayDeque<RunningStall> fresh = new ArrayDeque<>();

	@GuardedBy("this")
	private final ArrayDeque<RunningStall> known = new ArrayDeque<>();

	@GuardedBy("this")
	private int left = BUDGET;

	@GuardedBy("this")
	private long lastRefill;

	@GuardedBy("this")
	private boolean scheduled;

	/** Beyond the reserve they take turns, as not all that is new is of unknown work. */
	@GuardedBy("this")
	private boolean knownsTurn;

	StallSampler(StallRecorder stalls, StallSettings settings) {
		this.stalls = stalls;
		this.pollingClasses = settings.pollingClasses();
		this.thread = settings.newThread(1);
		this.lastRefill = settings.ticker().nanos();
	}

	/**
	 * Adds a stall whose thread is to be looked at. Nobody is woken for one of known work
	 * before there is budget for it.
	 */
	void add(RunningStall stall) {
		boolean known = this.stalls.requestOf(stall.route()) != null;
		synchronized (this) {
			if (known) {
				addKnown(stall);
			}
			else {
				this.fresh.add(stall);
			}
		}
	}

	@GuardedBy("this")
	private void addKnown(RunningStall stall) {
		if (this.known.size() == KNOWN) {
			this.known.remove();
		}
		this.known.add(stall);
	}

	/**
	 * Lets the thread take the stacks that the budget allows.
	 */
	synchronized void sampleDue(long now, ThreadProbe probe) {
		long refills = (now - this.lastRefill) / REFILL_NANOS;
		this.lastRefill += refills * REFILL_NANOS;
		this.left = (int) Math.min(BUDGET, this.left + refills);
		boolean due = !this.fresh.isEmpty() && this.left > 0 || !this.known.isEmpty() && this.left > RESERVE;
		if (due && !this.scheduled) {
			try {
				this.thread.execute(() -> sampleWaiting(probe));
				this.scheduled = true;
			}
			catch (Throwable ex) {
				// The runtime is about to end, or there are no more threads.
			}
		}
	}

	private void sampleWaiting(ThreadProbe probe) {
		RunningStall stall;
		while ((stall = next()) != null) {
			try {
				sample(stall, probe);
			}
			catch (Throwable ex) {
				logger.debug("A thread could not be sampled", ex); // its stall is counted
																	// all the same
			}
		}
	}

	/**
	 * Takes the stack of a thread and drops it if the thread may have gone on meanwhile,
	 * to another poll or to other work in the same one.
	 */
	private void sample(RunningStall stall, ThreadProbe probe) {
		boolean known = this.stalls.requestOf(stall.route()) != null;
		WorkDescription work = known ? WorkDescription.UNKNOWN : stall.describe();
		if (stall.isOver() || !mayTakeStack(stall, known || this.stalls.isKnown(work))) {
			return;
		}
		if (known) {
			work = stall.describe();
		}
		StackTraceElement[] trace = probe.stack(stall.thread());
		if (isOfPoll(trace) && work.equals(stall.describe()) && !stall.isOver()) {
			this.stalls.sampled(stall, work, trace);
		}
	}

	private synchronized @Nullable RunningStall next() {
		boolean known = this.left > RESERVE && !this.known.isEmpty() && (this.knownsTurn || this.fresh.isEmpty());
		this.knownsTurn = !known;
		RunningStall stall = null;
		if (this.left > 0) {
			stall = known ? this.known.poll() : this.fresh.poll();
		}
		this.scheduled = stall != null;
		return stall;
	}

	private synchronized boolean mayTakeStack(RunningStall stall, boolean known) {
		if (known && this.left <= RESERVE) {
			addKnown(stall);
			return false;
		}
		this.left--;
		return true;
	}

	/**
	 * Returns whether the thread was still inside the poll, and not on its way out. Of a
	 * deep stack the JVM leaves out the outermost frames.
	 */
	private boolean isOfPoll(StackTraceElement[] trace) {
		return trace.length > DEEP || Arrays.stream(trace).anyMatch(this::isPoll);
	}

	private boolean isPoll(StackTraceElement frame) {
		return frame.getMethodName().equals("poll") && this.pollingClasses.contains(frame.getClassName());
	}

	void stop() {
		this.thread.shutdown();
	}

	Set<Thread> awaitTermination(long deadlineNanos) {
		return this.thread.awaitTermination(deadlineNanos);
	}

}
