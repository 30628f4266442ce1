package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import dev.loopline.runtime.internal.stall.RunningStall;
import dev.loopline.runtime.stall.Stall;

/**
 * Measures what a strand costs, such as for a request that it handles. Started by
 * {@link Strand#measure()}. Safe for use by many threads.
 */
public final class StrandStopwatch {

	/*-
	 * Two readings of the totals that every strand keeps. Within a poll of the strand both are exact: the part
	 * of the running poll that lies before a reading is added to the totals. A reading by another thread may
	 * miss a poll that ends at that very moment; then its time counts as idle.
	 */

	/** StallRecorder that are remembered. */
	private static final int MAX_STALLS = 16;

	private final Strand strand;

	/** How long the strand had waited for the poll in which this began. */
	private final long waitedNanos;

	private final long startNanos;

	private final long busyNanos;

	private final long queuedNanos;

	private final int polls;

	private final int yields;

	private final int moves;

	private final int handoffs;

	@GuardedBy("this")
	private final List<RunningStall> stalls = new ArrayList<>(0);

	/** Only for the strand itself. */
	StrandStopwatch(Strand strand) {
		long now = now(strand);
		this.strand = strand;
		this.waitedNanos = strand.waitedNanos();
		this.startNanos = now;
		this.busyNanos = strand.busyNanos() + (now - strand.sinceNanos());
		this.queuedNanos = strand.queuedNanos();
		this.polls = strand.polls();
		this.yields = strand.yields();
		this.moves = strand.moves();
		this.handoffs = strand.handoffs();
	}

	private static long now(Strand strand) {
		return strand.runtime().config().ticker().nanos();
	}

	/**
	 * Adds a stall of the strand.
	 */
	synchronized void add(RunningStall stall) {
		if (this.stalls.size() < MAX_STALLS) {
			this.stalls.add(stall);
		}
	}

	private synchronized List<Stall> stalls() {
		return this.stalls.stream().map(RunningStall::view).toList();
	}

	/**
	 * Ends the measurement.
	 * @return what the strand has cost since the start
	 */
	public StrandUsage stop() {
		this.strand.measured(this);
		StrandSnapshot.State state = StrandSnapshot.State.of(this.strand);
		long now = now(this.strand);
		long inState = Math.max(0, now - this.strand.sinceNanos());
		long busy = this.strand.busyNanos() - this.busyNanos;
		long queued = this.strand.queuedNanos() - this.queuedNanos;
		if (state == StrandSnapshot.State.RUNNING) {
			busy += inState;
		}
		else if (state.isWaiting()) {
			queued += inState;
		}
		long total = now - this.startNanos;
		busy = clamp(busy, total);
		queued = clamp(queued, total - busy);
		return new StrandUsage(Duration.ofNanos(busy), Duration.ofNanos(queued + this.waitedNanos),
				Duration.ofNanos(total - busy - queued), Duration.ofNanos(this.waitedNanos),
				this.strand.polls() - this.polls + 1, this.strand.moves() - this.moves,
				this.strand.yields() - this.yields, this.strand.handoffs() - this.handoffs, stalls());
	}

	/** Another thread may see one total before and one after the same moment. */
	private static long clamp(long nanos, long max) {
		return Math.max(0, Math.min(nanos, max));
	}

}
