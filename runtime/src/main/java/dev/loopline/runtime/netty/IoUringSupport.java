package dev.loopline.runtime.netty;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;
import org.jspecify.annotations.Nullable;

/**
 * {@link Transport#IO_URING}.
 */
final class IoUringSupport implements TransportSupport {

	@Override
	public @Nullable Throwable unavailabilityCause() {
		return IoUring.unavailabilityCause();
	}

	@Override
	public IoHandlerFactory handlerFactory() {
		return IoUringIoHandler.newFactory();
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
	 * A ring belongs to the thread that enabled it, and channels write into its
	 * submission queue and scratch memory while they run.
	 */
	@Override
	public boolean pinsChannels() {
		return true;
	}

}
