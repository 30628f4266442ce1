package dev.loopline.runtime;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CancellationToken}.
 */
class CancellationTokenTests {

	private final StillRuntime still = new StillRuntime();

	private final TaskRuntime runtime = this.still.runtime;

	@Test
	void cancellationGoesDownTheTreeAndNotUp() {
		CancellationToken root = new CancellationToken();
		CancellationToken left = root.child();
		CancellationToken right = root.child();
		CancellationToken leaf = left.child();
		left.cancel();
		assertThat(leaf.isCancelled()).isTrue();
		assertThat(root.isCancelled()).isFalse();
		assertThat(right.isCancelled()).isFalse();
		root.cancel();
		root.cancel();
		assertThat(right.isCancelled()).isTrue();
		assertThat(root.child().isCancelled()).isTrue();
	}

	@Test
	void closedChildIsForgotten() {
		CancellationToken root = new CancellationToken();
		CancellationToken child = root.child();
		child.close();
		root.cancel();
		assertThat(child.isCancelled()).isFalse();
	}

	@Test
	void tokenAbortsWhatItGuards() {
		CancellationToken token = new CancellationToken();
		JoinHandle<Integer> done = token.guard(this.runtime.spawn(() -> 1));
		this.still.drain();
		JoinHandle<Integer> queued = token.guard(this.runtime.spawn(() -> 1));
		List<String> told = new ArrayList<>();
		token.cancelled().thenRun(() -> told.add("cancelled"));
		token.cancel();
		assertThat(done.status()).isEqualTo(TaskStatus.COMPLETE);
		assertThat(queued.status()).isEqualTo(TaskStatus.CANCELLED);
		assertThat(token.guard(this.runtime.spawn(() -> 1)).status()).isEqualTo(TaskStatus.CANCELLED);
		assertThat(told).containsExactly("cancelled");
	}

}
