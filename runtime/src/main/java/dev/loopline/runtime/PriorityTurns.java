package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Decides when it is the turn of work that is in no worker's queue. Only for one thread.
 */
final class PriorityTurns {

	/**
	 * How long a busy thread leaves background items alone: at most a quantum in twenty
	 * is theirs.
	 */
	private static final int BACKGROUND_INTERVAL_QUANTA = 20;

	private final PriorityQueues queues;

	private final long backgroundInterval;

	private long lastBackground;

	private boolean highTurn;

	private final FairTurns fairTurns;

	PriorityTurns(PriorityQueues queues, long quantumNanos, long now) {
		this.queues = queues;
		this.backgroundInterval = BACKGROUND_INTERVAL_QUANTA * quantumNanos;
		this.lastBackground = now;
		this.fairTurns = new FairTurns(quantumNanos, now);
	}

	/**
	 * Takes work that goes before the normal ones now.
	 */
	@Nullable Work before(long now) {
		if (this.queues.isEmpty()) {
			return null;
		}
		this.highTurn = !this.highTurn;
		Work work = this.highTurn ? this.queues.popHigh() : null;
		if (work == null && now - this.lastBackground > this.backgroundInterval) {
			work = background(now);
		}
		if (work == null && this.queues.hasContinuations() && this.fairTurns.isVirtualThreadsTurn(now)) {
			work = continuation(now);
		}
		return work;
	}

	/**
	 * Takes work when there is no normal one.
	 */
	@Nullable Work after(long now) {
		if (this.queues.isEmpty()) {
			return null;
		}
		Work work = this.queues.popHigh();
		if (work == null) {
			work = continuation(now);
		}
		return (work != null) ? work : background(now);
	}

	private @Nullable Work continuation(long now) {
		Work work = this.queues.popContinuation();
		if (work != null) {
			this.fairTurns.runs(true, now);
		}
		return work;
	}

	private @Nullable Work background(long now) {
		this.lastBackground = now;
		return this.queues.popBackground();
	}

}
