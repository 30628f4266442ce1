package dev.loopline.runtime.netty;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;

import io.netty.channel.IoEvent;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoEvent;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;

/**
 * The {@link StrandIoHandle} of the JDK's selector, which only the holder of the driver
 * token may touch.
 */
final class NioStrandIoHandle extends StrandIoHandle implements NioIoHandle {

	private final NioIoHandle delegate;

	private final WantedKey key = new WantedKey(this);

	NioStrandIoHandle(NioIoHandle delegate, StrandEventLoop loop, NettyIoDriver driver) {
		super(delegate, loop, driver);
		this.delegate = delegate;
	}

	@Override
	public SelectableChannel selectableChannel() {
		return this.delegate.selectableChannel();
	}

	/**
	 * Returns a view of the selection key in which a muted channel sees the interest that
	 * it asked for.
	 */
	@Override
	@SuppressWarnings("unchecked")
	public <T> T attachment() {
		return (T) this.key;
	}

	@Override
	public boolean cancel() {
		IoRegistration registration = registration();
		if (registration == null) {
			return false;
		}
		// Also when the key is invalid, as that of a closed channel is:
		// the handler has yet to forget the handle.
		driver().runExclusively(registration::cancel);
		return true;
	}

	SelectionKey selectionKey() {
		IoRegistration registration = registration();
		if (registration == null) {
			throw new IllegalStateException("not registered");
		}
		return registration.attachment();
	}

	@Override
	void applyInterest(int interest) {
		apply(NioIoOps.valueOf(interest));
	}

	@Override
	void applyMute() {
		apply(NioIoOps.NONE);
	}

	private void apply(NioIoOps ops) {
		if (!driver().tryRunExclusively(() -> submitToDriver(ops))) {
			driver().execute(this::reapply);
		}
	}

	@Override
	int unmaskable() {
		return 0;
	}

	@Override
	int reads() {
		return SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;
	}

	@Override
	int bits(IoEvent event) {
		return ((NioIoEvent) event).ops().value();
	}

	@Override
	int bits(IoOps ops) {
		return ((NioIoOps) ops).value();
	}

	@Override
	IoEvent eventOf(int events) {
		return new Event(NioIoOps.valueOf(events));
	}

	/**
	 * Ready events.
	 *
	 * @param ops the events
	 */
	private record Event(NioIoOps ops) implements NioIoEvent {
	}

}
