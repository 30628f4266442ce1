package dev.loopline.runtime;

import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;

/**
 * A task that does nothing until its time has come.
 */
final class SleepTask extends Task<Void> implements Runnable {

	private final StrandTimer timer;

	SleepTask(TaskRuntime runtime, long deadlineNanos) {
		super(runtime, null);
		transitionToSuspended();
		this.timer = runtime.newTimer(Runnable::run, this, deadlineNanos);
	}

	JoinHandle<Void> start() {
		this.runtime.tasks().startedToSleep();
		try {
			this.runtime.arm(this.timer);
		}
		catch (RejectedExecutionException ex) {
			close();
			throw ex;
		}
		return this.handle;
	}

	/**
	 * The time has come. Called under the driver token: it only queues the task.
	 */
	@Override
	public void run() {
		wakeUp();
	}

	@Override
	@Nullable Object step(int budget, long deadline, Ticker ticker) {
		return null;
	}

	@Override
	void release(boolean cancelled) {
		if (cancelled) {
			this.timer.cancel();
		}
	}

}
