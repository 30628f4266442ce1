package dev.loopline.autoconfigure.reactor;

import org.springframework.context.SmartLifecycle;

import dev.loopline.autoconfigure.TaskRuntimeLifecycle;

/**
 * Offers the runtime to Reactor's own schedulers for as long as the application context
 * lives.
 */
final class RuntimeSchedulers implements SmartLifecycle {

	private final TaskRuntimeLifecycle lifecycle;

	private final SchedulersOwner owner;

	RuntimeSchedulers(TaskRuntimeLifecycle lifecycle, boolean boundedElastic) {
		this.lifecycle = lifecycle;
		this.owner = new SchedulersOwner(lifecycle::runtime, boundedElastic);
	}

	@Override
	public void start() {
		SchedulersFactory.INSTANCE.enter(this.owner);
	}

	@Override
	public void stop() {
		SchedulersFactory.INSTANCE.leave(this.owner);
	}

	@Override
	public boolean isRunning() {
		return SchedulersFactory.INSTANCE.knows(this.owner);
	}

	/**
	 * Connections outlast a pause of the context, and so does what they run on.
	 */
	@Override
	public boolean isPauseable() {
		return false;
	}

	/**
	 * Right after the runtime and the resources of connections, and so before everything
	 * that may use it.
	 */
	@Override
	public int getPhase() {
		return this.lifecycle.getPhase() + 2;
	}

}
