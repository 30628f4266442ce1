package dev.loopline.runtime.netty;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoHandler;
import org.jspecify.annotations.Nullable;

/**
 * {@link Transport#NIO}.
 */
final class NioSupport implements TransportSupport {

	@Override
	public @Nullable Throwable unavailabilityCause() {
		return null;
	}

	@Override
	public IoHandlerFactory handlerFactory() {
		return NioIoHandler.newFactory();
	}

	@Override
	public Class<? extends IoHandle> handleType() {
		return NioIoHandle.class;
	}

	@Override
	public Class<? extends IoHandler> handlerType() {
		return NioIoHandler.class;
	}

	@Override
	public BoundHandle wrap(IoHandle handle, StrandEventLoop loop, NettyIoDriver driver) {
		return new NioStrandIoHandle((NioIoHandle) handle, loop, driver);
	}

}
