package dev.loopline.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.netty.Transport;

/**
 * Makes, knows and ends the runtime of an application context. It has no thread before
 * somebody asks for it; a context that is stopped and started again has the same runtime
 * in a new life. Safe for use by many threads.
 */
public final class TaskRuntimeLifecycle
		implements SmartLifecycle, DisposableBean, BeanClassLoaderAware, ApplicationContextAware {

	/** Those of Reactor Netty's resources and of web servers are higher. */
	private static final int PHASE = -1;

	/** For the end of a life that was left behind when the context stopped. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final Logger logger = LoggerFactory.getLogger(TaskRuntimeLifecycle.class);

	private final TaskRuntimeConfig config;

	private final @Nullable Transport transport;

	private final List<TaskRuntimeInitializer> initializers;

	private @Nullable ClassLoader classLoader;

	/** Written under the lock. */
	private volatile @Nullable TaskRuntime runtime;

	private volatile boolean stopped;

	private @Nullable ApplicationContext context;

	private volatile boolean keptForBeans;

	private volatile boolean running;

	/**
	 * Creates the lifecycle of a runtime.
	 * @param config the configuration of the runtime
	 * @param transport the transport of the connections that run on it, or {@code null}
	 * @param initializers called when it has started for the first time
	 */
	public TaskRuntimeLifecycle(TaskRuntimeConfig config, @Nullable Transport transport,
			List<TaskRuntimeInitializer> initializers) {
		this.config = config;
		this.transport = transport;
		this.initializers = List.copyOf(initializers);
	}

	@Override
	public void setBeanClassLoader(ClassLoader classLoader) {
		this.classLoader = classLoader;
	}

	@Override
	public void setApplicationContext(ApplicationContext context) {
		this.context = context;
	}

	/**
	 * Lets the runtime of a context that is closed live until its beans are destroyed, as
	 * one of them may use it then. Otherwise it ends before, as it does when the context
	 * is only stopped.
	 */
	public void keepForBeans() {
		this.keptForBeans = true;
	}

	/**
	 * Returns whether the context is being closed and the runtime is to live until its
	 * beans are destroyed.
	 * @return whether this is not the time to end what it runs
	 */
	public boolean outlivesBeans() {
		return this.keptForBeans && this.context instanceof ConfigurableApplicationContext closeable
				&& closeable.isClosed();
	}

	/**
	 * Returns the runtime, starting it if need be. It stays the same for as long as there
	 * is the context.
	 * @return the runtime
	 * @throws IllegalStateException if the context has been stopped: nobody would stop a
	 * runtime that starts then
	 */
	public TaskRuntime runtime() {
		if (this.stopped) {
			throw new IllegalStateException("The application context has been stopped, and its runtime with it");
		}
		TaskRuntime current = this.runtime;
		return (current != null) ? current : firstRuntime();
	}

	/**
	 * Returns whether the context has been stopped, and the runtime with it.
	 * @return whether there is no runtime now
	 */
	public boolean hasEnded() {
		return this.stopped;
	}

	/**
	 * Returns the runtime if it is there for more than being asked about.
	 * @return {@code null} if nobody has needed it yet
	 * @throws IllegalStateException if the context has been stopped
	 */
	public @Nullable TaskRuntime runtimeInUse() {
		return (this.runtime != null) ? runtime() : null;
	}

	private synchronized TaskRuntime firstRuntime() {
		TaskRuntime current = this.runtime;
		if (current != null || this.stopped) {
			return runtime();
		}
		TaskRuntime first = callAsApplication(this::startRuntime);
		try {
			this.initializers.forEach((initializer) -> initializer.initialize(first));
		}
		catch (Throwable ex) {
			first.close(); // nobody else knows it
			throw ex;
		}
		this.runtime = first;
		return first;
	}

	private TaskRuntime startRuntime() {
		if (this.transport != null) {
			return TaskRuntime.start(this.config, this.transport.driverFactory());
		}
		TaskRuntime runtime = TaskRuntime.start(this.config);
		logger.info("Tasks run on {} workers, connections do not", this.config.workers());
		return runtime;
	}

	/**
	 * The threads of a runtime get the class loader of whoever starts it: here the
	 * application's, whichever bean asked first and on which thread.
	 */
	private <T> T callAsApplication(Supplier<T> start) {
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		thread.setContextClassLoader((this.classLoader != null) ? this.classLoader : before);
		try {
			return start.get();
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	/**
	 * Lets the runtime live again if the context was stopped. The first life begins when
	 * somebody asks for it.
	 */
	@Override
	public synchronized void start() {
		TaskRuntime former = this.runtime;
		if (former != null && former.isShuttingDown()) {
			awaitEnd(former);
			callAsApplication(() -> {
				former.restart();
				return former;
			});
		}
		this.stopped = false;
		this.running = true;
	}

	private static void awaitEnd(TaskRuntime runtime) {
		try {
			runtime.termination().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new IllegalStateException("The runtime has not ended in time and cannot be started again", ex);
		}
	}

	/**
	 * Ends the runtime, as far as what runs on it has not done so.
	 */
	@Override
	public void stop() {
		if (!outlivesBeans()) {
			end();
		}
	}

	private void end() {
		TaskRuntime last;
		synchronized (this) {
			this.stopped = true;
			this.running = false;
			last = this.runtime;
		}
		if (last != null) {
			last.close(); // whose tasks may ask for the runtime meanwhile
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * Connections outlast a pause of the context, and so does what they run on.
	 */
	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/**
	 * Ends the runtime that beans needed until they were destroyed, and that of a context
	 * that failed before its life began.
	 */
	@Override
	public void destroy() {
		end();
	}

}
