package dev.loopline.autoconfigure.actuate;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.StrandKind;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link StrandLint}.
 */
class StrandLintTests {

	private final AtomicLong nanos = new AtomicLong(1);

	@Test
	void slowPollIsForgottenAfterAMinute() {
		CountDownLatch gate = new CountDownLatch(1);
		try (TaskRuntime runtime = TaskRuntime
			.start(TaskRuntimeConfig.of((builder) -> builder.workers(1).ticker(this.nanos::get)))) {
			Strand strand = runtime.newStrand();
			StrandInstrumentation.enlist(strand, StrandKind.OTHER, null);
			strand.execute(() -> await().forever().until(() -> gate.getCount() == 0));
			await().until(() -> {
				advance(Duration.ofMillis(2));
				return lints(runtime).equals(List.of("stalled", "slow-poll"));
			});
			gate.countDown();
			await().until(strand::isIdle);
			await().until(() -> lints(runtime).equals(List.of("slow-poll")));
			advance(Duration.ofMinutes(1));
			assertThat(lints(runtime)).containsExactly("slow-poll");
			advance(Duration.ofNanos(1));
			assertThat(lints(runtime)).isEmpty();
		}
	}

	/**
	 * As one does that is not given the processor.
	 */
	@Test
	void pollThatOnlyLastsForLongIsNotSlow() {
		try (TaskRuntime runtime = TaskRuntime
			.start(TaskRuntimeConfig.of((builder) -> builder.workers(1).ticker(this.nanos::get)))) {
			Strand strand = runtime.newStrand();
			StrandInstrumentation.enlist(strand, StrandKind.OTHER, null);
			strand.execute(() -> advance(Duration.ofSeconds(2)));
			await()
				.until(() -> strand.isIdle() && runtime.diagnostics().strands().allMatch((each) -> each.polls() == 1));
			assertThat(runtime.diagnostics().strands()).allMatch((each) -> each.longestPoll().toSeconds() == 2);
			assertThat(lints(runtime)).isEmpty();
		}
	}

	private void advance(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

	private static List<String> lints(TaskRuntime runtime) {
		return runtime.diagnostics().strands().map(StrandLint::of).flatMap(List::stream).toList();
	}

}
