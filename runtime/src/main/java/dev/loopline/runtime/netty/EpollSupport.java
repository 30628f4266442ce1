package dev.loopline.runtime.netty;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import org.jspecify.annotations.Nullable;

/**
 * {@link Transport#EPOLL}.
 */
final class EpollSupport implements TransportSupport {

	@Override
	public @Nullable Throwable unavailabilityCause() {
		return Epoll.isAvailable() ? EpollTrial.failure() : Epoll.unavailabilityCause();
	}

	@Override
	public IoHandlerFactory handlerFactory() {
		return EpollIoHandler.newFactory();
	}

	@Override
	public Class<? extends IoHandle> handleType() {
		return EpollIoHandle.class;
	}

	@Override
	public Class<? extends IoHandler> handlerType() {
		return EpollIoHandler.class;
	}

	@Override
	public BoundHandle wrap(IoHandle handle, StrandEventLoop loop, NettyIoDriver driver) {
		return new EpollStrandIoHandle((EpollIoHandle) handle, loop, driver);
	}

}
