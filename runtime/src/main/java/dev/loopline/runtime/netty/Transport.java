package dev.loopline.runtime.netty;

import java.util.function.Supplier;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoHandler;

/**
 * How the operating system is asked for I/O.
 */
public enum Transport {

	/** {@link #EPOLL} where it is available, else {@link #NIO}. */
	AUTO,

	/** Linux epoll; needs Netty's native library on the class path. */
	EPOLL,

	/** The JDK's selector; works everywhere. */
	NIO;

	/**
	 * Returns whether this transport can be used here.
	 * @return whether its classes and native library are present and work
	 */
	public boolean isAvailable() {
		return this != EPOLL || isPresent(() -> Epoll.isAvailable());
	}

	/**
	 * Returns why this transport cannot be used here.
	 * @return a sentence, empty if it is available
	 */
	public String unavailability() {
		if (isAvailable()) {
			return "";
		}
		String reason = isPresent(() -> true) ? String.valueOf(Epoll.unavailabilityCause()) : "not on the class path";
		return "The epoll transport is not available: " + reason;
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
		if (!isAvailable()) {
			throw new TransportUnavailableException(unavailability());
		}
		return this;
	}

	IoHandlerFactory handlerFactory() {
		return (this == EPOLL) ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
	}

	StrandIoHandle wrap(IoHandle handle, StrandEventLoop loop, NettyIoDriver driver) {
		if (this == EPOLL && handle instanceof EpollIoHandle epollHandle) {
			return new EpollStrandIoHandle(epollHandle, loop, driver);
		}
		if (this == NIO && handle instanceof NioIoHandle nioHandle) {
			return new NioStrandIoHandle(nioHandle, loop, driver);
		}
		throw new IllegalArgumentException(
				"A %s cannot be registered with the %s transport".formatted(handle.getClass().getName(), this));
	}

	boolean isCompatible(Class<? extends IoHandle> handleType) {
		return ((this == EPOLL) ? EpollIoHandle.class : NioIoHandle.class).isAssignableFrom(handleType);
	}

	boolean isIoType(Class<? extends IoHandler> handlerType) {
		return handlerType.equals((this == EPOLL) ? EpollIoHandler.class : NioIoHandler.class);
	}

	private static boolean isPresent(Supplier<Boolean> check) {
		try {
			return check.get() && EpollIoHandler.class.getName() != null;
		}
		catch (NoClassDefFoundError ex) {
			return false;
		}
	}

}
