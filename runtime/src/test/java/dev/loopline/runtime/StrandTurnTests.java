package dev.loopline.runtime;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for tasks that let others go first.
 */
class StrandTurnTests {

	/** One worker, which no cold poll may cost its strands. */
	private final TaskRuntime runtime = TaskRuntime
		.start(TaskRuntimeConfig.of((builder) -> builder.workers(1).stallThreshold(Duration.ofMinutes(1))));

	private final Strand strand = this.runtime.newStrand();

	private final List<String> ran = new CopyOnWriteArrayList<>();

	private final CompletableFuture<Void> over = new CompletableFuture<>();

	@AfterEach
	void endRuntime() {
		this.runtime.shutdown(Duration.ZERO, Duration.ofSeconds(1));
		Await.result(this.runtime.termination());
	}

	@Test
	void lastTaskIsRefusedWhenNothingWaits() {
		CompletableFuture<Boolean> queued = new CompletableFuture<>();
		this.strand.execute(() -> queued.complete(this.strand.executeLast(() -> this.ran.add("last"))));
		assertThat(Await.result(queued)).isFalse();
	}

	@Test
	void lastTaskRunsBehindTasksOfItsStrandInTheSamePoll() {
		Strand other = this.runtime.newStrand();
		this.strand.execute(() -> {
			other.execute(() -> this.ran.add("other"));
			other.execute(() -> this.over.complete(null));
			this.strand.execute(() -> this.ran.add("task"));
			this.strand.executeLast(() -> this.ran.add("last"));
		});
		Await.result(this.over);
		assertThat(this.ran).containsExactly("task", "last", "other");
		assertThat(this.strand.polls()).isOne();
	}

	@Test
	void lastTaskRunsBehindOtherStrandsOfTheThreadAndThatIsNoYield() {
		Strand other = this.runtime.newStrand();
		this.strand.execute(() -> {
			other.execute(() -> this.ran.add("other"));
			this.strand.executeLast(() -> {
				this.ran.add("last");
				this.over.complete(null);
			});
		});
		Await.result(this.over);
		assertThat(this.ran).containsExactly("other", "last");
		assertThat(this.strand.yields()).isZero();
		assertThat(this.runtime.diagnostics().snapshot().workers().get(0).polls().yields()).isZero();
	}

}
