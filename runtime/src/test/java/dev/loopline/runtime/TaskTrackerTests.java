package dev.loopline.runtime;

import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TaskTracker}.
 */
class TaskTrackerTests {

	private final StillRuntime still = new StillRuntime();

	private final TaskRuntime runtime = this.still.runtime;

	@Test
	void trackerWaitsUntilItIsClosedAndEmpty() {
		TaskTracker tracker = new TaskTracker();
		tracker.track(this.runtime.spawn(() -> 1));
		CompletableFuture<Void> end = tracker.await().toCompletableFuture();
		assertThat(tracker.size()).isOne();
		this.still.drain();
		assertThat(tracker.size()).isZero();
		assertThat(end).isNotDone();
		tracker.track(this.runtime.spawn(() -> 2));
		tracker.close();
		assertThat(end).isNotDone();
		this.still.drain();
		assertThat(end).isDone();
	}

	@Test
	void emptyTrackerEndsWhenItIsClosed() {
		TaskTracker tracker = new TaskTracker();
		tracker.close();
		assertThat(tracker.await().toCompletableFuture()).isDone();
	}

	@Test
	void trackingIsNoInterestInTheOutcome() {
		try (LogCapture log = new LogCapture(JoinHandle.class)) {
			TaskTracker tracker = new TaskTracker();
			tracker.track(this.runtime.spawn(() -> {
				throw new IllegalStateException("expected");
			}));
			this.still.drain();
			this.runtime.scheduler().tasks().close();
			assertThat(log.events()).hasSize(1);
		}
	}

}
