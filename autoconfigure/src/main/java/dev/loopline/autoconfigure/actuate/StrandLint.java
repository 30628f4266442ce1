package dev.loopline.autoconfigure.actuate;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import dev.loopline.runtime.StrandSnapshot;

/**
 * What may be wrong with a strand, now or in the last minute. Who was only not given the
 * processor, or watches, is not accused.
 */
enum StrandLint {

	/** It keeps a thread now, and has for longer than the stall threshold. */
	STALLED {

		@Override
		boolean applies(StrandSnapshot strand) {
			return strand.isStalled();
		}

	},

	/** It runs now and has for a second, without ever having returned before. */
	NEVER_YIELDED {

		@Override
		boolean applies(StrandSnapshot strand) {
			return strand.isStalled() && strand.polls() <= 1 && strand.stateFor().compareTo(LONG) >= 0;
		}

	},

	/** One of its polls lasted longer than the stall threshold, in the last minute. */
	SLOW_POLL {

		@Override
		boolean applies(StrandSnapshot strand) {
			Duration since = strand.sinceStall();
			return since != null && since.compareTo(RECENT) <= 0;
		}

	},

	/** It has waited for a thread for a tenth of a second. */
	STARVED {

		@Override
		boolean applies(StrandSnapshot strand) {
			boolean waits = strand.state() == StrandSnapshot.State.QUEUED
					|| strand.state() == StrandSnapshot.State.LANE;
			return waits && strand.stateFor().compareTo(LONG.dividedBy(10)) >= 0;
		}

	},

	/**
	 * More than half of its polls of the last minute ended with work left, so that it
	 * woke itself.
	 */
	SELF_WAKES {

		@Override
		boolean applies(StrandSnapshot strand) {
			return strand.recentPolls() >= 10 && strand.recentYields() * 2L > strand.recentPolls();
		}

	};

	private static final Duration LONG = Duration.ofSeconds(1);

	private static final Duration RECENT = Duration.ofMinutes(1);

	abstract boolean applies(StrandSnapshot strand);

	static List<String> of(StrandSnapshot strand) {
		return Arrays.stream(values())
			.filter((lint) -> lint.applies(strand))
			.map(RuntimeDescriptor::lowerCase)
			.toList();
	}

}
