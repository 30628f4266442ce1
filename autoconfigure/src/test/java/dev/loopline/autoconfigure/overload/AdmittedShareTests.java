package dev.loopline.autoconfigure.overload;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AdmittedShare}.
 */
class AdmittedShareTests {

	private static final long TARGET = 20_000_000;

	private final AdmittedShare share = new AdmittedShare(TARGET);

	@Test
	void takesEverythingAtTheTarget() {
		warmUp();
		ended(100, TARGET);
		assertThat(this.share.share()).isEqualTo(1);
		assertThat(this.share.isOverloaded()).isFalse();
		assertThat(this.share.isCalm()).isTrue();
	}

	@Test
	void burstIsNoOverload() {
		warmUp();
		for (int i = 0; i < 10; i++) {
			ended(AdmittedShare.START - 1, 10 * TARGET);
			assertThat(this.share.isCalm()).isFalse();
			ended(1, TARGET);
		}
		assertThat(this.share.share()).isEqualTo(1);
		assertThat(this.share.isOverloaded()).isFalse();
	}

	/**
	 * A pause of 200 ms at nine tenths of what the server can do.
	 */
	@Test
	void queueThatGetsShorterByItselfIsNoOverload() {
		warmUp();
		for (long delay = 9 * TARGET; delay > TARGET; delay -= TARGET / 2) {
			ended(1, delay);
		}
		assertThat(this.share.isOverloaded()).isFalse();
		ended(1, 0);
		assertThat(this.share.isCalm()).isTrue();
	}

	@Test
	void cutIsGivenTimeToShow() {
		warmUp();
		ended(AdmittedShare.START, 9 * TARGET);
		ended(1, 5 * TARGET);
		ended(1, 2 * TARGET);
		assertThat(this.share.share()).isEqualTo(0.6);
	}

	@Test
	void cutsFastFromThreeBadIntervalsOn() {
		warmUp();
		ended(AdmittedShare.START, 3 * TARGET);
		assertThat(this.share.isOverloaded()).isTrue();
		assertThat(this.share.share()).isEqualTo(0.6);
		ended(5, 3 * TARGET);
		assertThat(this.share.share()).isLessThan(0.1);
		ended(100, 3 * TARGET);
		assertThat(this.share.share()).isEqualTo(0.01);
	}

	@Test
	void cutsLittleNearTheTarget() {
		warmUp();
		ended(AdmittedShare.START, TARGET + 1);
		assertThat(this.share.share()).isEqualTo(0.85);
	}

	@Test
	void raisesSlowlyNearTheTarget() {
		warmUp();
		ended(AdmittedShare.START, 3 * TARGET);
		ended(1, TARGET);
		assertThat(this.share.share()).isBetween(0.62, 0.64);
	}

	@Test
	void tenthBecomesAllWithinTwoSecondsOnceThereIsNothingToDo() {
		warmUp();
		ended(AdmittedShare.START + 4, 3 * TARGET);
		assertThat(this.share.share()).isLessThan(0.1);
		ended(20, 0);
		assertThat(this.share.share()).isEqualTo(1);
		assertThat(this.share.isOverloaded()).isTrue();
		ended(AdmittedShare.QUIET, 0);
		assertThat(this.share.isOverloaded()).isFalse();
		assertThat(this.share.isCalm()).isTrue();
	}

	@Test
	void intervalsWithoutRequestsCountAsGood() {
		warmUp();
		ended(AdmittedShare.START + 4, 3 * TARGET);
		this.share.ended(1_000, 0);
		assertThat(this.share.share()).isEqualTo(1);
		this.share.ended(1_000, 0);
		assertThat(this.share.isCalm()).isTrue();
	}

	@Test
	void oneBadIntervalIsEnoughSoonAfterAnOverload() {
		warmUp();
		ended(AdmittedShare.START, 3 * TARGET);
		ended(10, 0);
		assertThat(this.share.share()).isEqualTo(1);
		ended(1, 3 * TARGET);
		assertThat(this.share.share()).isEqualTo(0.6);
	}

	@Test
	void coldServerIsNotOverloadedBeforeItsQueuesAreFiveTimesAsLong() {
		ended(100, 5 * TARGET);
		assertThat(this.share.isOverloaded()).isFalse();
		ended(AdmittedShare.START, 5 * TARGET + 1);
		assertThat(this.share.isOverloaded()).isTrue();
	}

	private void warmUp() {
		ended(AdmittedShare.WARM_UP, 0);
	}

	private void ended(int count, long delay) {
		for (int i = 0; i < count; i++) {
			this.share.ended(1, delay);
		}
	}

}
