package dev.loopline.autoconfigure.reactor;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.http.HttpResources;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

import dev.loopline.autoconfigure.TaskRuntimeLifecycle;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.netty.StrandEventLoopGroup;
import dev.loopline.runtime.netty.Transport;
import dev.loopline.runtime.time.Ticker;

/**
 * A {@link ReactorResourceFactory} whose event loops are strands of a runtime. They end
 * with the application context, and the life of the runtime with them.
 */
public final class StrandResourceFactory extends ReactorResourceFactory {

	private static final Logger logger = LoggerFactory.getLogger(StrandResourceFactory.class);

	/**
	 * Beyond the timeout and the second that threads get then, until the end is given up.
	 */
	private static final long PATIENCE_NANOS = 3_000_000_000L;

	/** A longer timeout is meant for ever. */
	private static final long MAX_WAIT_NANOS = Duration.ofDays(1).toNanos();

	private final TaskRuntimeLifecycle lifecycle;

	private final Transport transport;

	private final Level level;

	private @Nullable ApplicationContext context;

	private String connections = "Connections";

	private volatile @Nullable TaskRuntime runtime;

	/** Copies of what is inherited, which cannot be read. */
	private volatile Duration quietPeriod = Duration.ofSeconds(LoopResources.DEFAULT_SHUTDOWN_QUIET_PERIOD);

	private volatile Duration shutdownTimeout = Duration.ofSeconds(LoopResources.DEFAULT_SHUTDOWN_TIMEOUT);

	/**
	 * Creates a factory.
	 * @param lifecycle has the runtime, with the drivers of the transport
	 * @param transport the transport
	 * @param level how loudly to say so
	 */
	public StrandResourceFactory(TaskRuntimeLifecycle lifecycle, Transport transport, Level level) {
		this.lifecycle = lifecycle;
		this.transport = transport;
		this.level = level;
		setUseGlobalResources(false);
		setLoopResourcesSupplier(this::newLoops);
		setConnectionProviderSupplier(StrandResourceFactory::newConnections);
	}

	@Override
	public void setApplicationContext(ApplicationContext context) {
		super.setApplicationContext(context);
		this.context = context;
	}

	/** As many, under the same name, as what it inherits. */
	private static ConnectionProvider newConnections() {
		return new ContinuingConnections(ConnectionProvider.create("webflux", 500));
	}

	private LoopResources newLoops() {
		NettyVersionCheck.warnIfVulnerable();
		TaskRuntime runtime = this.lifecycle.runtime();
		if (runtime.isShuttingDown()) {
			throw new IllegalStateException("The runtime has ended"); // and would take
																		// these along
		}
		this.runtime = runtime;
		StrandEventLoopGroup group = new StrandEventLoopGroup(runtime, this.transport);
		logger.atLevel(this.level)
			.log("{} run as strands: {} workers, {}, {} transport, what blocks on {} "
					+ "(loopline.enabled=false turns it off)", this.connections, runtime.config().workers(),
					lowerCase(runtime.config().flavour()), lowerCase(group.transport()),
					runtime.diagnostics().snapshot().lane().carriers().description());
		return new StrandLoopResources(group, this::reportDeath);
	}

	/**
	 * Returns the event loops of the runtime's current life.
	 * @return the event loops
	 * @throws IllegalStateException if the context has been stopped
	 */
	public LoopResources getStrandLoopResources() {
		return super.getLoopResources();
	}

	/**
	 * Returns the event loops, or those of the JVM while the context is stopped: its
	 * beans may call somebody then, the last of them when they are destroyed.
	 */
	@Override
	public LoopResources getLoopResources() {
		return get(super::getLoopResources, HttpResources::get);
	}

	@Override
	public ConnectionProvider getConnectionProvider() {
		return get(super::getConnectionProvider, HttpResources::get);
	}

	private <T> T get(Supplier<T> own, Supplier<? extends T> jvms) {
		try {
			return own.get();
		}
		catch (IllegalStateException ex) {
			if (!hasEnded()) {
				throw ex;
			}
			return jvms.get();
		}
	}

	private boolean hasEnded() {
		TaskRuntime last = this.runtime;
		return this.lifecycle.hasEnded() || last != null && last.isShuttingDown();
	}

	/**
	 * Finds out which connections there will be: an application may be served by another
	 * server, or not at all. Not later, when other threads may wait for beans.
	 */
	void lookForServer(ApplicationContext context) {
		if (context.getBeanNamesForType(NettyReactiveWebServerFactory.class, true, false).length == 0) {
			this.connections = (context instanceof WebServerApplicationContext)
					? "Requests are handled as the web server does it, as it is not Reactor Netty. Connections of clients"
					: "Connections of clients";
		}
	}

	@Override
	public void setShutdownQuietPeriod(Duration quietPeriod) {
		super.setShutdownQuietPeriod(quietPeriod);
		this.quietPeriod = quietPeriod;
	}

	@Override
	public void setShutdownTimeout(Duration timeout) {
		super.setShutdownTimeout(timeout);
		this.shutdownTimeout = timeout;
	}

	/**
	 * Ends the connections, the event loops and what these run on. What it inherits waits
	 * without a bound for connections to close, which they cannot do if the event loops
	 * are broken.
	 */
	@Override
	public void stop() {
		if (!this.lifecycle.outlivesBeans()) {
			end();
		}
	}

	private void end() {
		if (!isRunning()) {
			return;
		}
		LoopResources loops = getStrandLoopResources();
		Thread stopper = new Thread(super::stop, "loopline-stop");
		stopper.setDaemon(true);
		stopper.start();
		if (!ends(stopper)) {
			logger.warn("The connections and event loops have not ended in time and are left behind");
			TaskRuntime runtime = this.runtime;
			if (runtime != null) {
				runtime.shutdown(Duration.ZERO, Duration.ZERO); // if nobody got as far
			}
		}
		ResolverCache.forget(loops);
	}

	private boolean ends(Thread stopper) {
		long left = TimeUnit.NANOSECONDS.convert(max(this.quietPeriod, this.shutdownTimeout));
		long deadline = Ticker.system().nanos() + Math.min(left, MAX_WAIT_NANOS) + PATIENCE_NANOS;
		boolean interrupted = false;
		while (stopper.isAlive() && (left = deadline - Ticker.system().nanos()) > 0) {
			try {
				TimeUnit.NANOSECONDS.timedJoin(stopper, left);
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		return !stopper.isAlive();
	}

	private static Duration max(Duration one, Duration other) {
		return (one.compareTo(other) > 0) ? one : other;
	}

	/** Nothing but a restart helps then. */
	private void reportDeath() {
		logger.error("The runtime has ended, though nobody has stopped the application");
		if (this.context != null) {
			AvailabilityChangeEvent.publish(this.context, LivenessState.BROKEN);
		}
	}

	/**
	 * Ends the event loops that beans needed until they were destroyed, and those of a
	 * context that failed before its life began: a bean may have asked for the resources
	 * by then, and nobody stops what was not started.
	 */
	@Override
	public void destroy() {
		end();
	}

	private static String lowerCase(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
