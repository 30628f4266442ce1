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
				Tasks.logger.warn("A hook threw an exception: {}", hook, ex);
			}
		}
		return observers.isEmpty() ? null : new TaskObservers(observers);
	}

	@Override
	public void beforePoll() {
		tell(TaskObserver::beforePoll);
	}

	@Override
	public void afterPoll() {
		tell(TaskObserver::afterPoll);
	}

	@Override
	public void onTerminate() {
		tell(TaskObserver::onTerminate);
	}

	private void tell(Consumer<TaskObserver> event) {
		for (TaskObserver observer : this.observers) {
			try {
				event.accept(observer);
			}
			catch (Throwable ex) {
				Tasks.logger.warn("A hook threw an exception: {}", observer, ex);
			}
		}
	}

}
