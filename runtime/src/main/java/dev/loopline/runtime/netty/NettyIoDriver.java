package dev.loopline.runtime.netty;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.LongAdder;

import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.netty.util.internal.ThreadExecutorMap;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.io.DriverSnapshot;
import dev.loopline.runtime.io.DriverToken;
import dev.loopline.runtime.io.IoDriver;

/**
 * An {@link IoDriver} over a Netty {@link IoHandler}. To the handler it plays the event
 * loop: "its thread" is whichever holds the token.
 */
final class NettyIoDriver implements IoDriver, ThreadAwareExecutor {

	private static final Logger logger = LoggerFactory.getLogger(NettyIoDriver.class);

	private static final int MAILBOX_CHUNK = 64;

	private final DriverToken token;

	private final IoHandler handler;

	/** Whether the handler works on one thread only, the first to run the worker. */
	private final boolean threadBound;

	private boolean destroyed;

	/** What only the holder of the token may do and was asked for by others. */
	private final MessagePassingQueue<Runnable> mailbox = new MpscUnboundedAtomicArrayQueue<>(MAILBOX_CHUNK);

	private final Context context = new Context();

	/** What is registered, by descriptor. Only for the holder of the token. */
	private final IntObjectMap<TransportSupport.BoundHandle> registered = new IntObjectHashMap<>();

	/** Written by the holder of the token alone, as are the next two. */
	private volatile long registrations;

	private volatile long deregistrations;

	private volatile long mutes;

	/** Wake-ups come from everywhere. */
	private final LongAdder wakeups = new LongAdder();

	NettyIoDriver(DriverToken token, TransportSupport transport) {
		this.token = token;
		this.threadBound = transport.pinsChannels();
		this.handler = transport.handlerFactory().newHandler(this);
		if (this.threadBound) {
			token.reserve();
		}
		else {
			this.handler.initialize();
		}
	}

	@Override
	public boolean isExecutorThread(Thread thread) {
		return this.token.isHeldBy(thread);
	}

	@Override
	public void execute(Runnable command) {
		this.mailbox.offer(command);
		this.handler.wakeup();
	}

	/**
	 * Runs a short command under the token: at once if it is free or held by the caller,
	 * else as soon as its holder gets to it. Never waits.
	 */
	void runExclusively(Runnable command) {
		if (!tryRunExclusively(command)) {
			execute(command);
		}
	}

	/**
	 * Runs a short command under the token if it is free or held by the caller.
	 * @return {@code false} if another thread holds it
	 */
	boolean tryRunExclusively(Runnable command) {
		if (this.token.isHeldBy(Thread.currentThread())) {
			command.run();
			return true;
		}
		if (!this.token.tryAcquire()) {
			return false;
		}
		try {
			drainMailbox();
			command.run();
			return true;
		}
		finally {
			this.token.release();
		}
	}

	/**
	 * Registers a handle. The promise is completed when the token is free again, as its
	 * listeners are user code.
	 */
	void register(TransportSupport.BoundHandle handle, EventExecutor loop, Promise<IoRegistration> promise) {
		Registering registering = new Registering(handle, promise);
		if (tryRunExclusively(registering)) {
			registering.complete();
		}
		else {
			execute(() -> {
				registering.run();
				loop.execute(registering::complete);
			});
		}
	}

	/**
	 * Forgets a handle that its handler has forgotten. Only for the holder of the token.
	 */
	@SuppressWarnings("NonAtomicVolatileUpdate") // by the holder of the token
	void unregistered(TransportSupport.BoundHandle handle) {
		this.deregistrations++;
		int descriptor = handle.descriptor();
		if (descriptor >= 0 && this.registered.get(descriptor) == handle) {
			this.registered.remove(descriptor);
		}
	}

	@SuppressWarnings("NonAtomicVolatileUpdate") // by the holder of the token
	private void register(TransportSupport.BoundHandle handle) throws Exception {
		if (!handle.isOpen()) {
			throw new ClosedChannelException();
		}
		int descriptor = handle.descriptor();
		if (descriptor >= 0) {
			// Descriptors of open channels differ: a predecessor was closed before it
			// learned of its registration, and its cancellation is still on the way.
			TransportSupport.BoundHandle predecessor = this.registered.get(descriptor);
			if (predecessor != null) {
				predecessor.cancel();
			}
			this.registered.put(descriptor, handle);
		}
		handle.bind(this.handler.register(handle));
		this.registrations++;
	}

	/**
	 * Counts a source that was silenced. Only for the holder of the token.
	 */
	@SuppressWarnings("NonAtomicVolatileUpdate") // by the holder of the token
	void muted() {
		this.mutes++;
	}

	@Override
	public DriverSnapshot snapshot() {
		long gone = this.deregistrations;
		long registrations = this.registrations;
		return new DriverSnapshot(registrations, registrations - gone, this.mutes, this.wakeups.sum());
	}

	@Override
	public int poll(PollContext pollContext) {
		drainMailbox();
		this.context.delegate = pollContext;
		int events = this.handler.run(this.context);
		drainMailbox();
		return events;
	}

	@Override
	public void wakeup() {
		this.wakeups.increment();
		this.handler.wakeup();
	}

	@Override
	public boolean hasWork() {
		return !this.mailbox.isEmpty();
	}

	@Override
	public void prepareToDestroy() {
		drainMailbox();
		this.handler.prepareToDestroy();
	}

	@Override
	public void destroy() {
		if (!this.destroyed) {
			this.destroyed = true;
			prepareToDestroy();
			this.handler.destroy();
		}
	}

	/**
	 * Lets the allocators keep thread-local magazines, which they do only for threads of
	 * an executor.
	 */
	@Override
	public Runnable decorate(Runnable loop) {
		return ThreadExecutorMap.apply(this.threadBound ? () -> runBound(loop) : loop, GlobalEventExecutor.INSTANCE);
	}

	private void runBound(Runnable loop) {
		this.token.reserveFor(Thread.currentThread());
		try {
			this.handler.initialize();
			loop.run();
		}
		finally {
			if (this.token.tryAcquire()) {
				destroy();
				this.token.release();
			}
			this.token.unreserve();
		}
	}

	private void drainMailbox() {
		Runnable command;
		while ((command = this.mailbox.relaxedPoll()) != null) {
			try {
				command.run();
			}
			catch (Throwable ex) {
				logger.warn("A command of the I/O driver threw an exception", ex);
			}
		}
	}

	/**
	 * A registration on its way.
	 */
	private final class Registering implements Runnable {

		private final TransportSupport.BoundHandle handle;

		private final Promise<IoRegistration> promise;

		private @Nullable Throwable failure;

		Registering(TransportSupport.BoundHandle handle, Promise<IoRegistration> promise) {
			this.handle = handle;
			this.promise = promise;
		}

		@Override
		public void run() {
			try {
				register(this.handle);
			}
			catch (Throwable ex) {
				this.failure = ex;
			}
		}

		/**
		 * Tells the channel. Called on its strand, where it cannot be closed meanwhile.
		 */
		void complete() {
			if (this.failure != null) {
				this.promise.setFailure(this.failure);
			}
			else if (this.handle.isOpen()) {
				this.promise.setSuccess(this.handle);
			}
			else {
				this.handle.cancel();
				this.promise.setFailure(new ClosedChannelException());
			}
		}

	}

	/**
	 * Passes the questions of the handler on to the worker. Only for the holder of the
	 * token.
	 */
	private static final class Context implements IoHandlerContext {

		/** Deadline that Netty's handlers take for "none". */
		private static final long NO_DEADLINE = -1;

		@Nullable private PollContext delegate;

		@Override
		public boolean canBlock() {
			PollContext delegate = this.delegate;
			return delegate != null && delegate.canBlock();
		}

		@Override
		public long delayNanos(long currentTimeNanos) {
			long deadline = deadlineNanos();
			return (deadline == NO_DEADLINE) ? Long.MAX_VALUE : Math.max(0, deadline - currentTimeNanos);
		}

		@Override
		public long deadlineNanos() {
			PollContext delegate = this.delegate;
			long deadline = (delegate != null) ? delegate.deadlineNanos() : Long.MAX_VALUE;
			return (deadline == Long.MAX_VALUE) ? NO_DEADLINE : deadline;
		}

	}

}
