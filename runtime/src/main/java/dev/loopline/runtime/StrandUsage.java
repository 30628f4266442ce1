package dev.loopline.runtime;

import java.time.Duration;
import java.util.List;

import dev.loopline.runtime.stall.Stall;

/**
 * What a strand has cost from one moment to another, as a {@link StrandStopwatch} has
 * measured it. Immutable.
 *
 * @param running the time inside polls
 * @param queued the time that the strand waited for a thread, {@code queuedBefore}
 * included
 * @param idle the time in which the strand had nothing to do: it waited for something
 * else, or what it had begun went on elsewhere
 * @param queuedBefore how long the strand had waited for the poll in which the
 * measurement began, before it began
 * @param polls the polls, the one in which the measurement began included
 * @param moves the polls that began on another worker than the one before
 * @param yields the polls that ended with work left
 * @param handoffs the polls in which the worker was taken away from the thread
 * @param stalls the stalls, at most 16, the oldest first
 */
public record StrandUsage(Duration running, Duration queued, Duration idle, Duration queuedBefore, int polls, int moves,
		int yields, int handoffs, List<Stall> stalls) {

	public StrandUsage {
		stalls = List.copyOf(stalls);
	}

	/**
	 * Returns the time of the measurement and of the wait before it.
	 * @return the sum of running, queued and idle
	 */
	public Duration total() {
		return this.running.plus(this.queued).plus(this.idle);
	}

}
