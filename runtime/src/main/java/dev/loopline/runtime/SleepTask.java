package dev.loopline.runtime;

import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.time.Ticker;

/**
 * A task that does nothing until its time has come.
 */
final class SleepTask extends Task<Void> implements Runnable {

	private final StrandTimer timer;

	SleepTask(Tasks tasks, long deadlineNanos) {
		super(tasks, null);
		transitionToSuspended();
		this.timer = tasks.scheduler().newTimer(Runnable::run, this, deadlineNanos);
	}

	@Override
	JoinHandle<Void> start() {
		this.tasks.startedToSleep();
		try {
			this.tasks.scheduler().arm(this.timer);
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
