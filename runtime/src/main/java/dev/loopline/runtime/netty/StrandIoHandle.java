package dev.loopline.runtime.netty;

import java.util.concurrent.RejectedExecutionException;

import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.StrandIo;

/**
 * Stands between a channel and the driver: a handle to the driver, a registration to the
 * channel. What the driver reports is handed to the channel's strand.
 */
abstract class StrandIoHandle extends ReadinessGate implements TransportSupport.BoundHandle {

	private static final Logger logger = LoggerFactory.getLogger(StrandIoHandle.class);

	private final IoHandle delegate;

	private final @Nullable Channel channel;

	private final StrandEventLoop loop;

	private final NettyIoDriver driver;

	/** The driver's registration. Written once, before the channel learns of this one. */
	private volatile @Nullable IoRegistration registration;

	StrandIoHandle(IoHandle delegate, StrandEventLoop loop, NettyIoDriver driver) {
		this.delegate = delegate;
		this.channel = ChannelName.channelOf(delegate);
		this.loop = loop;
		this.driver = driver;
	}

	/*
	 * --------------- Handle: called by the driver, under the token ---------------
	 */

	@Override
	public final void handle(IoRegistration registration, IoEvent event) {
		event(bits(event));
	}

	@Override
	public final void registered() {
		post(this.delegate::registered);
	}

	@Override
	public final void unregistered() {
		this.loop.unregistered(this);
		post(this.delegate::unregistered);
	}

	@Override
	public final void close() {
		post(this::closeDelegate);
	}

	/**
	 * Hands a task to the strand, or runs it here if the runtime has ended.
	 */
	private void post(Runnable task) {
		try {
			this.loop.execute(task);
		}
		catch (RejectedExecutionException ex) {
			StrandIo.runAfterEnd(this.loop.strand(), task);
		}
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
	public final void bind(IoRegistration registration) {
		this.registration = registration;
	}

	/*
	 * --------------- Registration: called by the channel, on its strand ---------------
	 */

	@Override
	public final long submit(IoOps ops) {
		if (!isValid()) {
			return -1;
		}
		int interest = bits(ops);
		want(interest);
		return interest;
	}

	@Override
	public final boolean isValid() {
		IoRegistration registration = this.registration;
		return registration != null && registration.isValid();
	}

	/*
	 * --------------- Gate ---------------
	 */

	@Override
	final void enqueue() {
		StrandIo.ready(this.loop.strand(), this);
	}

	@Override
	final boolean isBusy() {
		return StrandIo.isBusy(this.loop.strand());
	}

	@Override
	final void deliver(int events) {
		if (isValid()) {
			this.delegate.handle(this, eventOf(events));
		}
	}

	/**
	 * Submits to the driver's registration, unless it has been cancelled.
	 */
	final void submitToDriver(IoOps ops) {
		IoRegistration registration = this.registration;
		if (registration != null && registration.isValid()) {
			registration.submit(ops);
		}
	}

	final @Nullable IoRegistration registration() {
		return this.registration;
	}

	final NettyIoDriver driver() {
		return this.driver;
	}

	@Override
	final void noteMuted() {
		this.driver.muted();
	}

	@Override
	public final String toString() {
		return ChannelName.of(this.channel);
	}

	abstract int bits(IoEvent event);

	abstract int bits(IoOps ops);

	abstract IoEvent eventOf(int events);

}
