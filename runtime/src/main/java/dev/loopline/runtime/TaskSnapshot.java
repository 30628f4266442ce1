package dev.loopline.runtime;

/**
 * What a task was doing at one moment. Immutable.
 *
 * @param id the number of the task
 * @param name its name
 * @param status what it was doing
 */
public record TaskSnapshot(long id, String name, TaskStatus status) {

	static TaskSnapshot of(JoinHandle<?> task) {
		return new TaskSnapshot(task.id(), task.name(), task.status());
	}

}
