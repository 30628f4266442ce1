package dev.loopline.autoconfigure.web;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SlowPaths}.
 */
class SlowPathsTests {

	private final SlowPaths paths = new SlowPaths();

	@Test
	void pathThatStalledIsExpectedToStallAgain() {
		assertThat(this.paths.isExpectedToStall("/slow")).isFalse();
		this.paths.learn("/slow", true);
		assertThat(this.paths.isExpectedToStall("/slow")).isTrue();
		assertThat(this.paths.isExpectedToStall("/other")).isFalse();
	}

	@Test
	void pathIsProbedNowAndThen() {
		this.paths.learn("/slow", true);
		for (int i = 1; i < SlowPaths.PROBE_INTERVAL; i++) {
			assertThat(this.paths.isExpectedToStall("/slow")).isTrue();
		}
		assertThat(this.paths.isExpectedToStall("/slow")).isFalse();
		assertThat(this.paths.isExpectedToStall("/slow")).isTrue();
	}

	@Test
	void pathIsForgivenWhenAProbeWasFast() {
		this.paths.learn("/slow", true);
		this.paths.learn("/slow", false);
		assertThat(this.paths.isExpectedToStall("/slow")).isFalse();
	}

	@Test
	void pathsAreBounded() {
		for (int i = 0; i <= SlowPaths.CAPACITY; i++) {
			this.paths.learn("/" + i, true);
		}
		assertThat(this.paths.isExpectedToStall("/0")).isFalse();
		assertThat(this.paths.isExpectedToStall("/" + SlowPaths.CAPACITY)).isTrue();
	}

}
