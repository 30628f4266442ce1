package dev.loopline.runtime;

import org.junit.jupiter.api.Test;

import dev.loopline.runtime.stall.WorkContext;
import dev.loopline.runtime.time.Ticker;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TaskState}.
 */
class TaskStateTests {

	private final TaskState state = new StillTaskState();

	@Test
	void isRunnableAtFirst() {
		assertThat(this.state.status()).isEqualTo(TaskStatus.RUNNABLE);
		assertThat(this.state.transitionToNotified()).isFalse();
	}

	@Test
	void pollRunsIt() {
		assertThat(this.state.transitionToRunning()).isEqualTo(TaskState.ToRunning.RUN);
		assertThat(this.state.status()).isEqualTo(TaskStatus.RUNNING);
	}

	@Test
	void wakeOfARunnableTaskIsServedByItsPoll() {
		this.state.transitionToNotified();
		assertThat(this.state.transitionToRunning()).isEqualTo(TaskState.ToRunning.RUN);
		assertThat(this.state.transitionToIdle()).isEqualTo(TaskState.ToIdle.IDLE);
	}

	@Test
	void abortOfAYieldedTaskLeavesItInItsQueue() {
		this.state.transitionToRunning();
		this.state.transitionToYielded();
		assertThat(this.state.transitionToCancelled()).isEqualTo(TaskState.ToCancelled.NOTHING);
		assertThat(this.state.transitionToRunning()).isEqualTo(TaskState.ToRunning.CANCELLED);
	}

	@Test
	void successEndsTheTask() {
		this.state.transitionToRunning();
		this.state.transitionToSucceeded();
		assertThat(this.state.status()).isEqualTo(TaskStatus.COMPLETE);
		assertThat(this.state.transitionToNotified()).isFalse();
		assertThat(this.state.transitionToCancelled()).isEqualTo(TaskState.ToCancelled.ENDED);
	}

	@Test
	void suspendedTaskIsSubmittedByTheFirstWakeOnly() {
		suspend();
		assertThat(this.state.status()).isEqualTo(TaskStatus.SUSPENDED);
		assertThat(this.state.transitionToNotified()).isTrue();
		assertThat(this.state.transitionToNotified()).isFalse();
		assertThat(this.state.status()).isEqualTo(TaskStatus.RUNNABLE);
	}

	@Test
	void wakeDuringAPollResubmits() {
		this.state.transitionToRunning();
		assertThat(this.state.transitionToNotified()).isFalse();
		assertThat(this.state.transitionToIdle()).isEqualTo(TaskState.ToIdle.RESUBMIT);
		assertThat(this.state.status()).isEqualTo(TaskStatus.RUNNABLE);
	}

	@Test
	void yieldedTaskIsRunnable() {
		this.state.transitionToRunning();
		assertThat(this.state.transitionToYielded()).isTrue();
		assertThat(this.state.status()).isEqualTo(TaskStatus.RUNNABLE);
		assertThat(this.state.transitionToNotified()).isFalse();
	}

	@Test
	void abortOfASuspendedTaskSubmitsIt() {
		suspend();
		assertThat(this.state.transitionToCancelled()).isEqualTo(TaskState.ToCancelled.SUBMIT);
		assertThat(this.state.transitionToCancelled()).isEqualTo(TaskState.ToCancelled.NOTHING);
		assertThat(this.state.transitionToNotified()).isFalse();
		assertThat(this.state.transitionToRunning()).isEqualTo(TaskState.ToRunning.CANCELLED);
	}

	@Test
	void abortOfARunnableTaskLeavesItInItsQueue() {
		assertThat(this.state.transitionToCancelled()).isEqualTo(TaskState.ToCancelled.NOTHING);
		assertThat(this.state.status()).isEqualTo(TaskStatus.CANCELLED);
		assertThat(this.state.transitionToRunning()).isEqualTo(TaskState.ToRunning.CANCELLED);
	}

	@Test
	void abortDuringAPollIsSeenAtItsEnd() {
		this.state.transitionToRunning();
		assertThat(this.state.transitionToCancelled()).isEqualTo(TaskState.ToCancelled.NOTHING);
		assertThat(this.state.transitionToIdle()).isEqualTo(TaskState.ToIdle.CANCELLED);
		assertThat(this.state.transitionToYielded()).isFalse();
	}

	@Test
	void completeTaskIsNeitherWokenNorAborted() {
		this.state.transitionToRunning();
		assertThat(this.state.transitionToComplete() & TaskState.LOCKED).isNotZero();
		assertThat(this.state.status()).isEqualTo(TaskStatus.COMPLETE);
		assertThat(this.state.transitionToNotified()).isFalse();
		assertThat(this.state.transitionToCancelled()).isEqualTo(TaskState.ToCancelled.ENDED);
		assertThat(this.state.transitionToRunning()).isEqualTo(TaskState.ToRunning.ENDED);
	}

	@Test
	void wakeAndAbortDuringTheLastPollDoNotUndoTheEnd() {
		this.state.transitionToRunning();
		this.state.transitionToNotified();
		this.state.transitionToComplete();
		assertThat(this.state.isComplete()).isTrue();
		assertThat(this.state.transitionToRunning()).isEqualTo(TaskState.ToRunning.ENDED);
	}

	@Test
	void joinInterestSurvivesEveryTransition() {
		this.state.setJoinInterest();
		suspend();
		this.state.transitionToNotified();
		this.state.transitionToRunning();
		this.state.transitionToComplete();
		assertThat(this.state.hasJoinInterest()).isTrue();
		assertThat(this.state.isComplete()).isTrue();
	}

	private void suspend() {
		this.state.transitionToRunning();
		assertThat(this.state.transitionToIdle()).isEqualTo(TaskState.ToIdle.IDLE);
	}

	/**
	 * The word alone.
	 */
	private static final class StillTaskState extends TaskState {

		@Override
		boolean poll(int budget, long quantumNanos, Ticker ticker, long start) {
			throw new UnsupportedOperationException();
		}

		@Override
		void close() {
			throw new UnsupportedOperationException();
		}

		@Override
		WorkContext context() {
			throw new UnsupportedOperationException();
		}

	}

}
