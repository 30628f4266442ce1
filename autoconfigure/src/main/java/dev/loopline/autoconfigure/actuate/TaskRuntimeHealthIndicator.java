package dev.loopline.autoconfigure.actuate;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import dev.loopline.runtime.RuntimeSnapshot;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.WorkerSnapshot;

/**
 * Says that the runtime is degraded when threads are stuck in handlers or none is spare
 * to stand in for them. It still serves then: Boot counts neither into the overall status
 * unless it is told to.
 */
public final class TaskRuntimeHealthIndicator extends AbstractHealthIndicator {

	/** The status of a runtime that serves with fewer threads than it should have. */
	public static final Status DEGRADED = new Status("DEGRADED");

	/** A poll that has lasted this long is not one that merely computes. */
	static final Duration STUCK = Duration.ofSeconds(1);

	private final Supplier<@Nullable TaskRuntime> runtime;

	/**
	 * Creates an indicator.
	 * @param runtime the runtime, or {@code null} if nobody needs one
	 */
	TaskRuntimeHealthIndicator(Supplier<@Nullable TaskRuntime> runtime) {
		super("The task runtime has no snapshot");
		this.runtime = runtime;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		TaskRuntime runtime = this.runtime.get();
		if (runtime == null) {
			builder.up();
			return;
		}
		RuntimeSnapshot snapshot = runtime.diagnostics().snapshot();
		List<Integer> stuck = snapshot.workers()
			.stream()
			.filter((worker) -> worker.runningFor().compareTo(STUCK) >= 0)
			.map(WorkerSnapshot::index)
			.toList();
		boolean exhausted = snapshot.handoffs().exhaustedFor().compareTo(STUCK) >= 0;
		builder.status((stuck.isEmpty() && !exhausted) ? Status.UP : DEGRADED)
			.withDetail("stuckWorkers", stuck)
			.withDetail("threadsExhausted", exhausted);
	}

}
