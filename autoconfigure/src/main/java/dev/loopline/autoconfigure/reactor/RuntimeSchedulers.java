package dev.loopline.autoconfigure.reactor;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import dev.loopline.autoconfigure.TaskRuntimeLifecycle;

/**
 * Puts Reactor's own schedulers on the runtime for as long as the application context
 * lives.
 */
final class RuntimeSchedulers implements SmartLifecycle, Schedulers.Factory {

	private static final Logger logger = LoggerFactory.getLogger(RuntimeSchedulers.class);

	/** Reactor has one factory per JVM: the first context has it. */
	private static final AtomicBoolean installed = new AtomicBoolean();

	private final TaskRuntimeLifecycle lifecycle;

	@GuardedBy("this")
	private Schedulers.@Nullable Snapshot before;

	RuntimeSchedulers(TaskRuntimeLifecycle lifecycle) {
		this.lifecycle = lifecycle;
	}

	@Override
	public synchronized void start() {
		if (isRunning()) {
			return;
		}
		if (!installed.compareAndSet(false, true)) {
			logger.warn("Reactor's schedulers run on the runtime of another application context already");
			return;
		}
		this.before = Schedulers.setFactoryWithSnapshot(this);
	}

	@Override
	public synchronized void stop() {
		if (this.before != null) {
			Schedulers.resetFrom(this.before);
			this.before = null;
			installed.set(false);
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.before != null;
	}

	/**
	 * Right after the runtime and the resources of connections, and so before everything
	 * that may use it.
	 */
	@Override
	public int getPhase() {
		return this.lifecycle.getPhase() + 2;
	}

	@Override
	public Scheduler newParallel(int parallelism, ThreadFactory threadFactory) {
		return newScheduler("loopline-parallel", StrandScheduler.Kind.PARALLEL);
	}

	@Override
	public Scheduler newSingle(ThreadFactory threadFactory) {
		return newScheduler("loopline-single", StrandScheduler.Kind.SINGLE);
	}

	@Override
	public Scheduler newBoundedElastic(int threadCap, int queuedTaskCap, ThreadFactory threadFactory, int ttlSeconds) {
		return newScheduler("loopline-boundedElastic", StrandScheduler.Kind.blocking(threadCap, queuedTaskCap));
	}

	@Override
	public Scheduler newThreadPerTaskBoundedElastic(int threadCap, int queuedTaskCap, ThreadFactory threadFactory) {
		return newScheduler("loopline-boundedElastic", StrandScheduler.Kind.blocking(threadCap, queuedTaskCap));
	}

	private Scheduler newScheduler(String name, StrandScheduler.Kind kind) {
		return new StrandScheduler(this.lifecycle::runtime, name, kind);
	}

}
