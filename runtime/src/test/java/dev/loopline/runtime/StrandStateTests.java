package dev.loopline.runtime;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link StrandState}.
 */
class StrandStateTests {

	private final StrandState state = new StillRuntime().runtime.newStrand();

	@Test
	void isIdleAtFirst() {
		assertThat(this.state.state()).isEqualTo(StrandState.IDLE);
	}

	@Test
	void firstOfferSubmitsAndTheNextDoesNot() {
		assertThat(this.state.transitionToNotified()).isEqualTo(StrandState.ToNotified.SUBMIT);
		assertThat(this.state.state()).isEqualTo(StrandState.SCHEDULED);
		assertThat(this.state.transitionToNotified()).isEqualTo(StrandState.ToNotified.NOTHING);
		assertThat(this.state.state()).isEqualTo(StrandState.SCHEDULED);
	}

	@Test
	void pollOfAScheduledStrandRunsIt() {
		run();
		assertThat(this.state.state()).isEqualTo(StrandState.RUNNING);
	}

	@Test
	void pollOfAnIdleStrandIsAnError() {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this.state::transitionToRunning);
	}

	@Test
	void pollOfARunningStrandIsAnError() {
		run();
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this.state::transitionToRunning);
	}

	@Test
	void offerDuringAPollNotifiesIt() {
		run();
		assertThat(this.state.transitionToNotified()).isEqualTo(StrandState.ToNotified.NOTHING);
		assertThat(this.state.state()).isEqualTo(StrandState.NOTIFIED);
		assertThat(this.state.transitionToNotified()).isEqualTo(StrandState.ToNotified.NOTHING);
		assertThat(this.state.state()).isEqualTo(StrandState.NOTIFIED);
	}

	@Test
	void pollThatFoundNothingEndsIdle() {
		run();
		assertThat(this.state.transitionToIdle()).isEqualTo(StrandState.ToIdle.IDLE);
		assertThat(this.state.state()).isEqualTo(StrandState.IDLE);
		assertThat(this.state.transitionToNotified()).isEqualTo(StrandState.ToNotified.SUBMIT);
	}

	@Test
	void notifiedPollLooksAgainOnce() {
		run();
		this.state.transitionToNotified();
		assertThat(this.state.transitionToIdle()).isEqualTo(StrandState.ToIdle.LOOK_AGAIN);
		assertThat(this.state.state()).isEqualTo(StrandState.RUNNING);
		assertThat(this.state.transitionToIdle()).isEqualTo(StrandState.ToIdle.IDLE);
	}

	@Test
	void pollThatLeavesWorkEndsScheduled() {
		run();
		assertThat(this.state.transitionToScheduled()).isTrue();
		assertThat(this.state.state()).isEqualTo(StrandState.SCHEDULED);
	}

	@Test
	void notifiedPollThatLeavesWorkEndsScheduled() {
		run();
		this.state.transitionToNotified();
		assertThat(this.state.transitionToScheduled()).isTrue();
		assertThat(this.state.state()).isEqualTo(StrandState.SCHEDULED);
	}

	@Test
	void closingTellsTheStateBefore() {
		assertThat(this.state.transitionToClosed()).isEqualTo(StrandState.IDLE);
		assertThat(this.state.transitionToClosed()).isEqualTo(StrandState.CLOSED);
	}

	@Test
	void closedIsFinal() {
		run();
		this.state.transitionToClosed();
		assertThat(this.state.transitionToNotified()).isEqualTo(StrandState.ToNotified.CLOSED);
		assertThat(this.state.transitionToIdle()).isEqualTo(StrandState.ToIdle.CLOSED);
		assertThat(this.state.transitionToScheduled()).isFalse();
		assertThat(this.state.transitionToRunning()).isFalse();
		assertThat(this.state.state()).isEqualTo(StrandState.CLOSED);
	}

	private void run() {
		this.state.transitionToNotified();
		assertThat(this.state.transitionToRunning()).isTrue();
	}

}
