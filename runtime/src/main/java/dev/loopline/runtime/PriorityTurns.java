package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Decides when it is the turn of a strand that is not of normal priority. Only for one
 * thread.
 */
final class PriorityTurns {

	/**
	 * How long a busy thread leaves background strands alone: at most a quantum in twenty
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
	 * Takes a strand that goes before the normal ones now.
	 */
	@Nullable Schedulable before(long now) {
		if (this.queues.isEmpty()) {
			return null;
		}
		this.highTurn = !this.highTurn;
		Schedulable strand = this.highTurn ? this.queues.popHigh() : null;
		if (strand == null && now - this.lastBackground > this.backgroundInterval) {
			strand = background(now);
		}
		return strand;
	}

	/**
	 * Takes a strand when there is no normal one.
	 */
	@Nullable Schedulable after(long now) {
		if (this.queues.isEmpty()) {
			return null;
		}
		Schedulable strand = this.queues.popHigh();
		return (strand != null) ? strand : background(now);
	}

	private @Nullable Schedulable background(long now) {
		this.lastBackground = now;
		return this.queues.popBackground();
	}

}
