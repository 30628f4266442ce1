package dev.loopline.autoconfigure.web;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SlowPaths}.
 */
class SlowPathsTests {

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)));

	private final Strand slow = this.runtime.newBlockingStrand();

	private final SlowPaths paths = new SlowPaths();

	@AfterEach
	void endRuntime() {
		this.runtime.close();
	}

	@Test
	void pathThatStalledIsExpectedToStallAgain() {
		assertThat(this.paths.exampleFor("/slow")).isNull();
		this.paths.learn("/slow", this.slow);
		assertThat(this.paths.exampleFor("/slow")).isSameAs(this.slow);
		assertThat(this.paths.exampleFor("/other")).isNull();
	}

	@Test
	void pathIsProbedNowAndThen() {
		this.paths.learn("/slow", this.slow);
		for (int i = 1; i < SlowPaths.PROBE_INTERVAL; i++) {
			assertThat(this.paths.exampleFor("/slow")).isNotNull();
		}
		assertThat(this.paths.exampleFor("/slow")).isNull();
		assertThat(this.paths.exampleFor("/slow")).isNotNull();
	}

	@Test
	void pathIsForgivenWhenAProbeWasFast() {
		this.paths.learn("/slow", this.slow);
		this.paths.learn("/slow", this.runtime.newStrand());
		assertThat(this.paths.exampleFor("/slow")).isNull();
	}

	@Test
	void pathsAreBounded() {
		for (int i = 0; i <= SlowPaths.CAPACITY; i++) {
			this.paths.learn("/" + i, this.slow);
		}
		assertThat(this.paths.exampleFor("/0")).isNull();
		assertThat(this.paths.exampleFor("/" + SlowPaths.CAPACITY)).isNotNull();
	}

}
