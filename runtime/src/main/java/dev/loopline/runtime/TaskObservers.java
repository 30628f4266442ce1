package dev.loopline.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.stall.RunningStall;
import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.stall.Stall;

/**
 * The observers of one task, kept from failing it. Called by one thread at a time, but
 * for what the monitor adds.
 */
final class TaskObservers {

	/** Stalls that are remembered. */
	private static final int MAX_STALLS = 16;

	private final List<TaskObserver> observers;

	@GuardedBy("this")
	private List<RunningStall> stalls = List.of();

	private TaskObservers(List<TaskObserver> observers) {
		this.observers = observers;
	}

	/**
	 * Asks every hook for its observer.
	 */
	static @Nullable TaskObservers onSpawn(List<TaskHooks> hooks, JoinHandle<?> task) {
		// Most hooks take no interest in most tasks
		List<TaskObserver> observers = List.of();
		for (TaskHooks hook : hooks) {
			try {
				TaskObserver observer = hook.onSpawn(task);
				if (observer != null) {
					observers = observers.isEmpty() ? new ArrayList<>(hooks.size()) : observers;
					observers.add(observer);
				}
			}
			catch (Throwable ex) {
				Failures.warn(Tasks.logger, ex, "A hook threw an exception: {}", hook);
			}
		}
		return observers.isEmpty() ? null : new TaskObservers(observers);
	}

	/**
	 * Remembers a stall of the task. For any thread.
	 */
	synchronized void stalled(RunningStall stall) {
		if (this.stalls.isEmpty()) {
			this.stalls = new ArrayList<>(1);
		}
		if (this.stalls.size() < MAX_STALLS) {
			this.stalls.add(stall);
		}
	}

	private synchronized List<RunningStall> takeStalls() {
		List<RunningStall> stalls = this.stalls;
		this.stalls = List.of();
		return stalls;
	}

	void beforePoll() {
		for (TaskObserver observer : this.observers) {
			tell(observer, TaskObserver::beforePoll);
		}
	}

	/**
	 * In reverse order: what an observer has put on the thread is taken off before what
	 * lies below.
	 */
	void afterPoll() {
		for (int i = this.observers.size() - 1; i >= 0; i--) {
			tell(this.observers.get(i), TaskObserver::afterPoll);
		}
	}

	void onFailure(Throwable cause) {
		for (TaskObserver observer : this.observers) {
			tell(observer, (told) -> told.onFailure(cause));
		}
	}

	void onTerminate() {
		for (RunningStall stall : takeStalls()) {
			Stall view = stall.view();
			for (TaskObserver observer : this.observers) {
				tell(observer, (told) -> told.onStall(view));
			}
		}
		for (TaskObserver observer : this.observers) {
			tell(observer, TaskObserver::onTerminate);
		}
	}

	private static void tell(TaskObserver observer, Consumer<TaskObserver> event) {
		try {
			event.accept(observer);
		}
		catch (Throwable ex) {
			Failures.warn(Tasks.logger, ex, "A hook threw an exception: {}", observer);
		}
	}

}
