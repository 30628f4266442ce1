package dev.loopline.runtime.netty;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import org.jspecify.annotations.Nullable;

/**
 * {@link Transport#IO_URING}.
 */
final class IoUringSupport implements TransportSupport {

	@Override
	public @Nullable Throwable unavailabilityCause() {
		return IoUring.unavailabilityCause();
	}

	/**
	 * The ring must accept submissions of whichever thread holds the token.
	 */
	@Override
	public IoHandlerFactory handlerFactory() {
		return IoUringIoHandler.newFactory(new IoUringIoHandlerConfig().setSingleIssuer(false));
	}

	@Override
	public Class<? extends IoHandle> handleType() {
		return IoUringIoHandle.class;
	}

	@Override
	public Class<? extends IoHandler> handlerType() {
		return IoUringIoHandler.class;
	}

	@Override
	public BoundHandle wrap(IoHandle handle, StrandEventLoop loop, NettyIoDriver driver) {
		return new IoUringStrandIoHandle((IoUringIoHandle) handle, loop);
	}

	/**
	 * Channels write into the submission queue and the scratch memory of the ring while
	 * they run.
	 */
	@Override
	public boolean pinsChannels() {
		return true;
	}

}
