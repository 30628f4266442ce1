package dev.loopline.runtime;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FairTurns}.
 */
class FairTurnsTests {

	private static final long MICRO = 1_000;

	private static final long QUANTUM = 1_000 * MICRO;

	private final FairTurns turns = new FairTurns(QUANTUM, 0);

	private long now;

	private long virtual;

	private long others;

	@Test
	void eachHasHalfOfTheTimeHoweverLongItsTurnsAre() {
		run(10_000, 60 * MICRO, 20 * MICRO);
		assertThat(this.virtual).isBetween(this.others - QUANTUM, this.others + QUANTUM);
		run(10_000, 20 * MICRO, 90 * MICRO);
		assertThat(this.virtual).isBetween(this.others - 2 * QUANTUM, this.others + 2 * QUANTUM);
	}

	@Test
	void whoeverWasAloneOwesNothingBeyondAQuantum() {
		this.turns.runs(true, this.now);
		this.now += 1_000 * QUANTUM;
		int turnsOfOthers = 0;
		while (!this.turns.isVirtualThreadsTurn(this.now)) {
			this.now += QUANTUM / 10;
			turnsOfOthers++;
		}
		assertThat(turnsOfOthers).isEqualTo(10);
	}

	private void run(int turns, long virtualNanos, long otherNanos) {
		for (int i = 0; i < turns; i++) {
			boolean virtual = this.turns.isVirtualThreadsTurn(this.now);
			this.turns.runs(virtual, this.now);
			this.now += virtual ? virtualNanos : otherNanos;
			this.virtual += virtual ? virtualNanos : 0;
			this.others += virtual ? 0 : otherNanos;
		}
	}

}
