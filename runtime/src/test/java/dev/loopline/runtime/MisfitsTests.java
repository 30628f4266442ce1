package dev.loopline.runtime;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Misfits}.
 */
class MisfitsTests {

	private final FakeTicker ticker = new FakeTicker();

	private final Misfits misfits = new Misfits(this.ticker);

	@Test
	void routeIsAMisfitTheSecondTime() {
		assertThat(this.misfits.contains("GET /a")).isFalse();
		this.misfits.add("GET /a");
		assertThat(this.misfits.contains("GET /a")).isFalse();
		this.misfits.add("GET /a");
		assertThat(this.misfits.contains("GET /a")).isTrue();
		assertThat(this.misfits.contains("GET /b")).isFalse();
		assertThat(this.misfits.contains(null)).isFalse();
	}

	@Test
	void whatIsNoRequestsHasOnePlaceForAll() {
		this.misfits.add(null);
		this.misfits.add(null);
		assertThat(this.misfits.contains(null)).isTrue();
	}

	@Test
	void misfitIsTriedAgainAfterASecondAndThenLaterAndLater() {
		for (int seconds : new int[] { 1, 2, 4, 8, 16, 32, 32 }) {
			this.misfits.add("GET /a");
			assertThat(this.misfits.contains("GET /a")).isFalse();
			this.misfits.add("GET /a");
			this.ticker.advance(Duration.ofSeconds(seconds).minusNanos(1));
			assertThat(this.misfits.contains("GET /a")).as("within %s s", seconds).isTrue();
			this.ticker.advance(Duration.ofNanos(1));
			assertThat(this.misfits.contains("GET /a")).as("after %s s", seconds).isFalse();
		}
	}

	@Test
	void rescuesOfWhatBeganBeforeDoNotCount() {
		for (int i = 0; i < 100; i++) {
			this.misfits.add("GET /a");
		}
		this.ticker.advance(Duration.ofSeconds(1));
		assertThat(this.misfits.contains("GET /a")).isFalse();
	}

	@Test
	void routeThatIsFitForLongIsForgotten() {
		for (int i = 0; i < 10; i++) {
			this.misfits.add("GET /a");
			this.misfits.add("GET /a");
			this.ticker.advance(Duration.ofSeconds(1));
			assertThat(this.misfits.contains("GET /a")).as("in the %s. round", i).isFalse();
			this.ticker.advance(Duration.ofNanos(Misfits.LONGEST_NANOS + 1));
			assertThat(this.misfits.contains("GET /a")).isFalse();
		}
	}

}
