package dev.loopline.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The observers of one task, kept from failing it.
 */
final class TaskObservers implements TaskObserver {

	private final List<TaskObserver> observers;

	private TaskObservers(List<TaskObserver> observers) {
		this.observers = observers;
	}

	/**
	 * Asks every hook for its observer.
	 */
	static @Nullable TaskObserver onSpawn(List<TaskHooks> hooks, JoinHandle<?> task) {
		List<TaskObserver> observers = List.of(); // most hooks take no interest in most
													// tasks
		for (TaskHooks hook : hooks) {
			try {
				TaskObserver observer = hook.onSpawn(task);
				if (observer != null) {
					observers = observers.isEmpty() ? new ArrayList<>(hooks.size()) : observers;
					observers.add(observer);
				}
			}
			catch (Throwable ex) {
				Failures.warn(Tasks.logger, "A hook threw an exception: {}", hook, ex);
			}
		}
		return observers.isEmpty() ? null : new TaskObservers(observers);
	}

	@Override
	public void beforePoll() {
		for (TaskObserver observer : this.observers) {
			tell(observer, TaskObserver::beforePoll);
		}
	}

	/**
	 * In reverse order: what an observer has put on the thread is taken off before what
	 * lies below.
	 */
	@Override
	public void afterPoll() {
		for (int i = this.observers.size() - 1; i >= 0; i--) {
			tell(this.observers.get(i), TaskObserver::afterPoll);
		}
	}

	@Override
	public void onFailure(Throwable cause) {
		for (TaskObserver observer : this.observers) {
			tell(observer, (told) -> told.onFailure(cause));
		}
	}

	@Override
	public void onTerminate() {
		for (TaskObserver observer : this.observers) {
			tell(observer, TaskObserver::onTerminate);
		}
	}

	private static void tell(TaskObserver observer, Consumer<TaskObserver> event) {
		try {
			event.accept(observer);
		}
		catch (Throwable ex) {
			Failures.warn(Tasks.logger, "A hook threw an exception: {}", observer, ex);
		}
	}

}
