package dev.loopline.runtime.netty;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import org.jspecify.annotations.Nullable;

/**
 * What differs between transports. Each implementation is the only class to name the
 * types of its transport, which may be absent.
 */
interface TransportSupport {

	/**
	 * Returns why the transport cannot be used here.
	 */
	@Nullable Throwable unavailabilityCause();

	IoHandlerFactory handlerFactory();

	Class<? extends IoHandle> handleType();

	Class<? extends IoHandler> handlerType();

	BoundHandle wrap(IoHandle handle, StrandEventLoop loop, NettyIoDriver driver);

	/**
	 * Returns whether a channel must be run under the token of its driver, and so by its
	 * worker alone.
	 */
	default boolean pinsChannels() {
		return false;
	}

	/**
	 * A handle to the driver and a registration to the channel.
	 */
	interface BoundHandle extends IoHandle, IoRegistration {

		/**
		 * Tells the handle of the driver's registration. Called once, under the token.
		 * @param registration the driver's registration
		 */
		void bind(IoRegistration registration);

		/**
		 * Returns the number that identifies the handle to its handler and is used again
		 * after the handle was closed.
		 * @return the number, or -1 if there is none
		 */
		default int descriptor() {
			return -1;
		}

		/**
		 * Returns whether there is still something to register.
		 * @return whether the handle has not been closed
		 */
		default boolean isOpen() {
			return true;
		}

	}

}
