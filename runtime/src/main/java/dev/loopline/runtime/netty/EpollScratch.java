package dev.loopline.runtime.netty;

import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandler;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * The native arrays that an epoll channel gathers its writes in, one set per thread.
 */
final class EpollScratch implements ThreadAwareExecutor, EpollIoHandle {

	/*
	 * Netty hands the arrays out only as the attachment of a registration. So each thread
	 * that needs them gets a handler that is never polled: its descriptors are closed at
	 * once, and a placeholder is registered, which makes no system call.
	 */

	private static final FastThreadLocal<EpollScratch> CURRENT = new FastThreadLocal<>() {

		@Override
		protected EpollScratch initialValue() {
			return new EpollScratch();
		}

		@Override
		protected void onRemoval(EpollScratch scratch) {
			scratch.handler.destroy();
		}

	};

	private final FileDescriptor placeholder = new FileDescriptor(0);

	private final IoHandler handler;

	private final Object arrays;

	private EpollScratch() {
		this.handler = EpollIoHandler.newFactory(1, DefaultSelectStrategyFactory.INSTANCE).newHandler(this);
		((EpollIoHandler) this.handler).closeFileDescriptors();
		try {
			this.arrays = this.handler.register(this).attachment();
		}
		catch (Exception ex) {
			throw new IllegalStateException("No scratch memory for epoll", ex);
		}
	}

	static Object current() {
		return CURRENT.get().arrays;
	}

	@Override
	public FileDescriptor fd() {
		return this.placeholder;
	}

	@Override
	public boolean isExecutorThread(Thread thread) {
		return true;
	}

	@Override
	public void execute(Runnable command) {
		command.run();
	}

	@Override
	public void handle(IoRegistration registration, IoEvent event) {
	}

	@Override
	public void close() {
	}

}
