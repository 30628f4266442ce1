package dev.loopline.autoconfigure.context;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.JoinHandle;
import dev.loopline.runtime.TaskHooks;
import dev.loopline.runtime.TaskObserver;

/**
 * {@link TaskHooks} that give each poll of a task, each message and each blocking job the
 * thread-locals of the thread that submitted it. Safe for use by many threads.
 */
final class ContextPropagationHooks implements TaskHooks {

	private final ContextRegistry registry = ContextRegistry.getInstance();

	/**
	 * Clears what the submitter did not have: worker threads see one task after the
	 * other.
	 */
	private final ContextSnapshotFactory snapshots = ContextSnapshotFactory.builder()
		.contextRegistry(this.registry)
		.clearMissing(true)
		.build();

	@Override
	public @Nullable TaskObserver onSpawn(JoinHandle<?> task) {
		return hasContext() ? new Context(this.snapshots.captureAll()) : null;
	}

	@Override
	public Runnable onSubmit(Runnable work) {
		return hasContext() ? this.snapshots.captureAll().wrap(work) : work;
	}

	private boolean hasContext() {
		return !this.registry.getThreadLocalAccessors().isEmpty();
	}

	/**
	 * The context of one task.
	 */
	private static final class Context implements TaskObserver {

		private final ContextSnapshot snapshot;

		private ContextSnapshot.@Nullable Scope scope;

		Context(ContextSnapshot snapshot) {
			this.snapshot = snapshot;
		}

		@Override
		public void beforePoll() {
			this.scope = this.snapshot.setThreadLocals();
		}

		@Override
		public void afterPoll() {
			if (this.scope != null) {
				this.scope.close();
				this.scope = null;
			}
		}

	}

}
