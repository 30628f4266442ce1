package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Decides when it is the turn of work that is not of normal priority. Only for one
 * thread.
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

	PriorityTurns(PriorityQueues queues, long quantumNanos, long now) {
		this.queues = queues;
		this.backgroundInterval = BACKGROUND_INTERVAL_QUANTA * quantumNanos;
		this.lastBackground = now;
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
		return (work != null) ? work : background(now);
	}

	private @Nullable Work background(long now) {
		this.lastBackground = now;
		return this.queues.popBackground();
	}

}
