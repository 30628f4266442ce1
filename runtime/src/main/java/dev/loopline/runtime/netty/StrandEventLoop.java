package dev.loopline.runtime.netty;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoRegistration;
import io.netty.channel.socket.DatagramChannel;
import io.netty.util.concurrent.AbstractEventExecutor;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.Priority;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.StrandIo;
import dev.loopline.runtime.StrandKind;

/**
 * An {@link IoEventLoop} that is a {@link Strand}: "in the event loop" means "this thread
 * is running this strand now", whichever thread that is. Safe for use by many threads.
 */
final class StrandEventLoop extends AbstractEventExecutor implements IoEventLoop {

	/*
	 * A loop lives as long as anybody refers to it: it may serve a second channel when
	 * the first is closed, so it never refuses work before the group ends. Name
	 * resolvers, however, are cached per loop until its termination future completes. So
	 * that future is completed, and a new one begun, whenever the last connection of the
	 * loop has closed.
	 */

	private static final VarHandle CONNECTIONS;

	static {
		try {
			CONNECTIONS = MethodHandles.lookup().findVarHandle(StrandEventLoop.class, "connections", int.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private final StrandEventLoopGroup group;

	final NettyIoDriver driver;

	private final Strand strand;

	/** Connections that were opened from here and are not closed. */
	@SuppressWarnings("unused")
	private volatile int connections;

	/** Servers' channels that were registered here and are not closed. */
	@GuardedBy("this")
	private int listeners;

	@GuardedBy("this")
	private @Nullable Promise<Void> termination;

	StrandEventLoop(StrandEventLoopGroup group, NettyIoDriver driver, Strand strand) {
		super(group);
		this.group = group;
		this.driver = driver;
		this.strand = strand;
	}

	Strand strand() {
		return this.strand;
	}

	/*
	 * --------------- Executor ---------------
	 */

	@Override
	public boolean inEventLoop() {
		return this.strand.isCurrent();
	}

	@Override
	public boolean inEventLoop(Thread thread) {
		return StrandIo.isRunBy(this.strand, thread);
	}

	@Override
	public boolean isExecutorThread(Thread thread) {
		return StrandIo.isRunBy(this.strand, thread);
	}

	@Override
	public void execute(Runnable task) {
		this.strand.execute(task);
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
		return schedule(Executors.callable(task, null), delay, unit);
	}

	@Override
	public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
		return new StrandScheduledFuture<>(this, task, unit.toNanos(delay), 0).arm();
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long initialDelay, long period, TimeUnit unit) {
		return schedulePeriodically(task, initialDelay, StrandScheduledFuture.checkPeriod(period), unit);
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initialDelay, long delay, TimeUnit unit) {
		return schedulePeriodically(task, initialDelay, -StrandScheduledFuture.checkPeriod(delay), unit);
	}

	private ScheduledFuture<?> schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
		if (initialDelay < 0) {
			throw new IllegalArgumentException("initialDelay must not be negative, but was " + initialDelay);
		}
		return new StrandScheduledFuture<>(this, Executors.callable(task, null), unit.toNanos(initialDelay),
				unit.toNanos(period))
			.arm();
	}

	/*
	 * --------------- Event loop ---------------
	 */

	@Override
	public StrandEventLoopGroup parent() {
		return this.group;
	}

	@Override
	public IoEventLoop next() {
		return this;
	}

	@Override
	@SuppressWarnings("deprecation") // by the group, not by the loop
	public ChannelFuture register(Channel channel) {
		return register(new DefaultChannelPromise(channel, this));
	}

	@Override
	@SuppressWarnings("deprecation") // by the group, not by the loop
	public ChannelFuture register(ChannelPromise promise) {
		promise.channel().unsafe().register(this, promise);
		return promise;
	}

	@Override
	@Deprecated
	public ChannelFuture register(Channel channel, ChannelPromise promise) {
		channel.unsafe().register(this, promise);
		return promise;
	}

	@Override
	public Future<IoRegistration> register(IoHandle handle) {
		Channel channel = ChannelName.channelOf(handle);
		if (channel != null) {
			countConnection(channel);
		}
		TransportSupport.BoundHandle bound = this.group.support().wrap(handle, this, this.driver);
		StrandKind kind = ChannelName.kindOf(channel);
		if (channel != null && kind == StrandKind.LISTENER) {
			listen(1);
			channel.closeFuture().addListener((closed) -> listen(-1));
		}
		StrandInstrumentation.enlist(this.strand, kind, bound);
		Promise<IoRegistration> promise = newPromise();
		this.driver.register(bound, this, promise);
		return promise;
	}

	/**
	 * Goes first while it listens: who has not been accepted cannot be refused either.
	 */
	private synchronized void listen(int change) {
		this.listeners += change;
		this.strand.setPriority((this.listeners > 0) ? Priority.HIGH : Priority.NORMAL);
	}

	/**
	 * Forgets a handle that its handler has forgotten. Only for the holder of the token.
	 */
	void unregistered(TransportSupport.BoundHandle handle) {
		this.driver.unregistered(handle);
		StrandInstrumentation.delist(this.strand, handle);
	}

	@Override
	public boolean isCompatible(Class<? extends IoHandle> handleType) {
		return this.group.isCompatible(handleType);
	}

	@Override
	public boolean isIoType(Class<? extends IoHandler> handlerType) {
		return this.group.isIoType(handlerType);
	}

	/*
	 * --------------- End ---------------
	 */

	/**
	 * Called on the way of every registration: Reactor Netty registers a channel through
	 * its {@link Channel.Unsafe}, not through the loop.
	 */
	private void countConnection(Channel channel) {
		if (channel.parent() == null && !(channel instanceof DatagramChannel)) {
			CONNECTIONS.getAndAdd(this, 1);
			channel.closeFuture().addListener((closed) -> connectionClosed());
		}
	}

	private void connectionClosed() {
		if ((int) CONNECTIONS.getAndAdd(this, -1) == 1) {
			endTermination();
		}
	}

	private void endTermination() {
		Promise<Void> ended;
		synchronized (this) {
			ended = this.termination;
			this.termination = null;
		}
		if (ended != null) {
			ended.trySuccess(null);
		}
	}

	/**
	 * Returns a future that completes when the last connection that was opened from this
	 * loop has closed, or the group has ended.
	 */
	@Override
	public synchronized Future<?> terminationFuture() {
		Promise<Void> termination = this.termination;
		if (termination == null) {
			termination = new DefaultPromise<>(GlobalEventExecutor.INSTANCE);
			this.termination = termination;
			if (this.group.isShuttingDown()) {
				this.group.terminationFuture().addListener((ended) -> endTermination());
			}
		}
		return termination;
	}

	/**
	 * Ends the whole group, as no thread belongs to this loop alone.
	 */
	@Override
	public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
		return this.group.shutdownGracefully(quietPeriod, timeout, unit);
	}

	@Override
	@Deprecated
	public void shutdown() {
		this.group.shutdown();
	}

	@Override
	public boolean isShuttingDown() {
		return this.group.isShuttingDown();
	}

	@Override
	public boolean isShutdown() {
		return this.group.isShutdown();
	}

	@Override
	public boolean isTerminated() {
		return this.group.isTerminated();
	}

	@Override
	public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
		return this.group.awaitTermination(timeout, unit);
	}

}
