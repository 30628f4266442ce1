package dev.loopline.runtime.netty;

import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.StrandIo;

/**
 * Hands the completions of a ring to the channel's strand one by one, in order and at
 * once: the strand is pinned, so that the holder of the token may run it.
 */
final class IoUringStrandIoHandle implements TransportSupport.BoundHandle, IoUringIoHandle {

	private static final Logger logger = LoggerFactory.getLogger(IoUringStrandIoHandle.class);

	private final IoUringIoHandle delegate;

	private final @Nullable Channel channel;

	private final StrandEventLoop loop;

	private volatile @Nullable IoRegistration registration;

	IoUringStrandIoHandle(IoUringIoHandle delegate, StrandEventLoop loop) {
		this.delegate = delegate;
		this.channel = ChannelName.channelOf(delegate);
		this.loop = loop;
	}

	@Override
	public void bind(IoRegistration registration) {
		this.registration = registration;
	}

	@Override
	public void handle(IoRegistration registration, IoEvent event) {
		StrandIo.runPinned(this.loop.strand(), () -> this.delegate.handle(this, event));
	}

	@Override
	public void registered() {
		StrandIo.runPinned(this.loop.strand(), this.delegate::registered);
	}

	@Override
	public void unregistered() {
		this.loop.unregistered(this);
		StrandIo.runPinned(this.loop.strand(), this.delegate::unregistered);
	}

	@Override
	public void close() {
		StrandIo.runPinned(this.loop.strand(), this::closeDelegate);
	}

	private void closeDelegate() {
		try {
			this.delegate.close();
		}
		catch (Exception ex) {
			logger.debug("An I/O handle could not be closed", ex);
		}
	}

	@Override
	public <T> T attachment() {
		return bound().attachment();
	}

	@Override
	public long submit(IoOps ops) {
		return bound().submit(ops);
	}

	@Override
	public boolean isValid() {
		IoRegistration registration = this.registration;
		return registration != null && registration.isValid();
	}

	@Override
	public boolean cancel() {
		return bound().cancel();
	}

	@Override
	public String toString() {
		return ChannelName.of(this.channel);
	}

	private IoRegistration bound() {
		IoRegistration registration = this.registration;
		if (registration == null) {
			throw new IllegalStateException("not registered");
		}
		return registration;
	}

}
