package dev.loopline.runtime;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Misfits}.
 */
class MisfitsTests {

	private static final Duration MEMORY = Duration.ofSeconds(30);

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
	void misfitIsTriedAgainAfterAWhile() {
		this.misfits.add("GET /a");
		this.misfits.add("GET /a");
		this.ticker.advance(MEMORY);
		assertThat(this.misfits.contains("GET /a")).isTrue();
		this.ticker.advance(Duration.ofNanos(1));
		assertThat(this.misfits.contains("GET /a")).isFalse();
		this.misfits.add("GET /a");
		assertThat(this.misfits.contains("GET /a")).isFalse();
	}

}
