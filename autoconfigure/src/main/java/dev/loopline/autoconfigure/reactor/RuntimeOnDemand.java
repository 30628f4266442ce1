package dev.loopline.autoconfigure.reactor;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

/**
 * The runtime of an application whose connections are not its business: it has no thread
 * before the first task, and ends with the context. Safe for use by many threads.
 */
final class RuntimeOnDemand implements RuntimeSource, SmartLifecycle, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(RuntimeOnDemand.class);

	private final TaskRuntimeConfig config;

	private final boolean allowBlock;

	/** Written under the lock. */
	private volatile @Nullable TaskRuntime runtime;

	/** Guarded by this, as is the next. */
	private boolean running;

	private boolean stopped;

	RuntimeOnDemand(TaskRuntimeConfig config, boolean allowBlock) {
		this.config = config;
		this.allowBlock = allowBlock;
	}

	@Override
	public TaskRuntime runtime() {
		TaskRuntime current = this.runtime;
		return (current != null) ? current : startRuntime();
	}

	private synchronized TaskRuntime startRuntime() {
		if (this.stopped) {
			throw new IllegalStateException("The application context has been stopped, and its runtime with it");
		}
		TaskRuntime current = this.runtime;
		if (current == null) {
			BlockingGuard.install();
			current = TaskRuntime.start(this.config);
			if (this.allowBlock) {
				BlockingGuard.permit(current);
			}
			this.runtime = current;
			logger.info("Tasks run on {} workers, connections do not", this.config.workers());
		}
		return current;
	}

	@Override
	public @Nullable TaskRuntime runtimeInUse() {
		return this.runtime;
	}

	@Override
	public synchronized void start() {
		this.stopped = false;
		this.running = true;
	}

	@Override
	public void stop() {
		TaskRuntime last;
		synchronized (this) {
			this.stopped = true;
			this.running = false;
			last = this.runtime;
			this.runtime = null;
		}
		if (last != null) {
			last.close(); // whose tasks may ask for the runtime meanwhile
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.running;
	}

	/**
	 * That of the resources of connections.
	 */
	@Override
	public int getPhase() {
		return 0;
	}

	/**
	 * Ends the runtime of a context that failed before its life began.
	 */
	@Override
	public void destroy() {
		stop();
	}

}
