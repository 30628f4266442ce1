package dev.loopline.runtime.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * The {@link StrandIoHandle} of epoll, whose interest may be changed by any thread.
 */
final class EpollStrandIoHandle extends StrandIoHandle implements EpollIoHandle {

	/**
	 * EPOLLONESHOT alone: the descriptor stays registered but reports nothing, hang-ups
	 * and errors at most once. {@link EpollIoOps#NONE} would remove it.
	 */
	private static final EpollIoOps MUTE = EpollIoOps.valueOf(1 << 30);

	/** EPOLLERR and EPOLLHUP. */
	private static final int UNMASKABLE = 0x8 | 0x10;

	/** Every combination of EPOLLIN, EPOLLOUT, EPOLLERR and EPOLLHUP. */
	private static final Event[] EVENTS = new Event[32];

	static {
		for (int bits = 1; bits < EVENTS.length; bits++) {
			EVENTS[bits] = new Event(EpollIoOps.valueOf(bits));
		}
	}

	private final EpollIoHandle delegate;

	EpollStrandIoHandle(EpollIoHandle delegate, StrandEventLoop loop, NettyIoDriver driver) {
		super(delegate, loop, driver);
		this.delegate = delegate;
	}

	@Override
	public FileDescriptor fd() {
		return this.delegate.fd();
	}

	@Override
	public int descriptor() {
		return fd().intValue();
	}

	@Override
	public boolean isOpen() {
		return fd().isOpen();
	}

	/**
	 * Returns scratch memory of the running thread. The driver's own would be shared by
	 * every thread that runs one of its channels.
	 */
	@Override
	@SuppressWarnings("unchecked")
	public <T> T attachment() {
		IoRegistration registration = registration();
		if (registration == null) {
			throw new IllegalStateException("not registered");
		}
		return (T) EpollScratch.like(registration.attachment());
	}

	@Override
	public boolean cancel() {
		IoRegistration registration = registration();
		return registration != null && registration.cancel();
	}

	/**
	 * A channel that wants nothing, such as one that was shut down for input, may want
	 * something later: the kernel must not forget it.
	 */
	@Override
	void applyInterest(int interest) {
		submitToDriver((interest != 0) ? EpollIoOps.valueOf(interest) : MUTE);
	}

	@Override
	void applyMute() {
		submitToDriver(MUTE);
	}

	@Override
	int unmaskable() {
		return UNMASKABLE;
	}

	@Override
	int reads() {
		return EpollIoOps.EPOLLIN.value();
	}

	@Override
	int bits(IoEvent event) {
		return ((EpollIoEvent) event).ops().value();
	}

	@Override
	int bits(IoOps ops) {
		return ((EpollIoOps) ops).value();
	}

	@Override
	IoEvent eventOf(int events) {
		@Nullable Event cached = (events > 0 && events < EVENTS.length) ? EVENTS[events] : null;
		return (cached != null) ? cached : new Event(EpollIoOps.valueOf(events));
	}

	/**
	 * Ready events.
	 *
	 * @param ops the events
	 */
	private record Event(EpollIoOps ops) implements EpollIoEvent {
	}

}
