package dev.loopline.autoconfigure.actuate;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import dev.loopline.runtime.StrandSnapshot;

/**
 * What may be wrong with a strand.
 */
enum StrandLint {

	/** It runs now and has for longer than the stall threshold. */
	STALLED {

		@Override
		boolean applies(StrandSnapshot strand, Duration stallThreshold) {
			return strand.state() == StrandSnapshot.State.RUNNING && strand.stateFor().compareTo(stallThreshold) >= 0;
		}

	},

	/** It runs now and has for a second, without ever having returned before. */
	NEVER_YIELDED {

		@Override
		boolean applies(StrandSnapshot strand, Duration stallThreshold) {
			return strand.state() == StrandSnapshot.State.RUNNING && strand.polls() <= 1
					&& strand.stateFor().compareTo(LONG) >= 0;
		}

	},

	/** One of its polls lasted longer than the stall threshold. */
	SLOW_POLL {

		@Override
		boolean applies(StrandSnapshot strand, Duration stallThreshold) {
			return strand.longestPoll().compareTo(stallThreshold) >= 0;
		}

	},

	/** It has waited for a thread for a tenth of a second. */
	STARVED {

		@Override
		boolean applies(StrandSnapshot strand, Duration stallThreshold) {
			boolean waits = strand.state() == StrandSnapshot.State.QUEUED
					|| strand.state() == StrandSnapshot.State.LANE;
			return waits && strand.stateFor().compareTo(LONG.dividedBy(10)) >= 0;
		}

	},

	/** More than half of its polls ended with work left, so that it woke itself. */
	SELF_WAKES {

		@Override
		boolean applies(StrandSnapshot strand, Duration stallThreshold) {
			return strand.polls() >= 10 && strand.yields() * 2L > strand.polls();
		}

	};

	private static final Duration LONG = Duration.ofSeconds(1);

	abstract boolean applies(StrandSnapshot strand, Duration stallThreshold);

	static List<String> of(StrandSnapshot strand, Duration stallThreshold) {
		return Arrays.stream(values())
			.filter((lint) -> lint.applies(strand, stallThreshold))
			.map(RuntimeDescriptor::lowerCase)
			.toList();
	}

}
