package dev.loopline.runtime.netty;

import java.util.Locale;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.io.IoDriver;

/**
 * How the operating system is asked for I/O.
 */
public enum Transport {

	/** {@link #EPOLL} where it is available, else {@link #NIO}. */
	AUTO(NioSupport::new),

	/** Linux epoll; needs Netty's native library on the class path. */
	EPOLL(EpollSupport::new),

	/**
	 * Linux io_uring; needs Netty's classes and native library on the class path.
	 * Connections stay with the worker that accepted them: neither stolen nor rescued.
	 */
	IO_URING(IoUringSupport::new),

	/** The JDK's selector; works everywhere. */
	NIO(NioSupport::new);

	private final Supplier<TransportSupport> support;

	Transport(Supplier<TransportSupport> support) {
		this.support = support;
	}

	/**
	 * Returns whether this transport can be used here.
	 * @return whether its classes and native library are present and work
	 */
	public boolean isAvailable() {
		return unavailabilityCause() == null;
	}

	/**
	 * Replaces {@link #AUTO} with the transport that it stands for here.
	 * @return a concrete transport
	 * @throws TransportUnavailableException if the transport is not available
	 */
	public Transport resolve() {
		if (this == AUTO) {
			return EPOLL.isAvailable() ? EPOLL : NIO;
		}
		Throwable cause = unavailabilityCause();
		if (cause != null) {
			throw new TransportUnavailableException(
					"The %s transport cannot be used here".formatted(name().toLowerCase(Locale.ROOT)), cause);
		}
		return this;
	}

	/**
	 * Returns what makes the drivers of a runtime that does I/O this way.
	 * @return a factory for
	 * {@link TaskRuntime#start(TaskRuntimeConfig, IoDriver.Factory)}
	 * @throws TransportUnavailableException if the transport is not available
	 */
	public IoDriver.Factory driverFactory() {
		TransportSupport support = resolve().support();
		return (token) -> new NettyIoDriver(token, support);
	}

	TransportSupport support() {
		return this.support.get();
	}

	private @Nullable Throwable unavailabilityCause() {
		try {
			return support().unavailabilityCause();
		}
		catch (NoClassDefFoundError ex) {
			return ex;
		}
	}

}
