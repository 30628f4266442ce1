package dev.loopline.autoconfigure.reactor;

import java.util.Locale;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.netty.StrandEventLoopGroup;
import dev.loopline.runtime.netty.Transport;

/**
 * A {@link ReactorResourceFactory} that starts a runtime with the application context and
 * ends it with the context; a restarted context gets a new one.
 */
public final class StrandResourceFactory extends ReactorResourceFactory {

	private static final Logger logger = LoggerFactory.getLogger(StrandResourceFactory.class);

	private final TaskRuntimeConfig config;

	private final Transport transport;

	private final boolean allowBlock;

	private final Level level;

	private @Nullable ApplicationContext context;

	private volatile boolean stopped;

	/**
	 * Creates a factory.
	 * @param config the configuration of the runtime
	 * @param transport the transport
	 * @param allowBlock whether {@code block()} is allowed on workers
	 * @param level how loudly to say so
	 */
	public StrandResourceFactory(TaskRuntimeConfig config, Transport transport, boolean allowBlock, Level level) {
		this.config = config;
		this.transport = transport;
		this.allowBlock = allowBlock;
		this.level = level;
		setUseGlobalResources(false);
		setLoopResourcesSupplier(this::startRuntime);
	}

	@Override
	public void setApplicationContext(ApplicationContext context) {
		super.setApplicationContext(context);
		this.context = context;
	}

	private LoopResources startRuntime() {
		BlockingGuard.install();
		NettyVersionCheck.warnIfVulnerable();
		StrandEventLoopGroup group = new StrandEventLoopGroup(this.config, this.transport);
		if (this.allowBlock) {
			BlockingGuard.permit(group.runtime());
		}
		logger.atLevel(this.level)
			.log("Connections run as strands: {} workers, {}, {} transport (loopline.enabled=false turns it off)",
					this.config.workers(), lowerCase(this.config.flavour()), lowerCase(group.transport()));
		return new StrandLoopResources(group, this::reportDeath);
	}

	@Override
	public void start() {
		this.stopped = false;
		super.start();
	}

	@Override
	public void stop() {
		this.stopped = true;
		super.stop();
	}

	/**
	 * Returns the runtime that serves the current life of the context, starting it if
	 * need be.
	 * @return the runtime
	 * @throws IllegalStateException if the context has ended: nobody would stop a runtime
	 * that starts then
	 */
	public TaskRuntime runtime() {
		if (this.stopped) {
			throw new IllegalStateException("The application context has been stopped, and its runtime with it");
		}
		return ((StrandLoopResources) getLoopResources()).runtime();
	}

	/** Nothing but a restart helps then. */
	private void reportDeath() {
		logger.error("The runtime has ended, though nobody has stopped the application");
		if (this.context != null) {
			AvailabilityChangeEvent.publish(this.context, LivenessState.BROKEN);
		}
	}

	/**
	 * Ends the runtime of a context that failed before its life began: a bean may have
	 * asked for the resources by then, and nobody stops what was not started.
	 */
	@Override
	public void destroy() {
		stop();
	}

	private static String lowerCase(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
