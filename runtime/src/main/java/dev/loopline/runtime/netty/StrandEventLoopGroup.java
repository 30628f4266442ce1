package dev.loopline.runtime.netty;

import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.util.concurrent.AbstractEventExecutorGroup;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandIo;
import dev.loopline.runtime.StrandOptions;
import dev.loopline.runtime.TaskRuntime;

/**
 * An {@link IoEventLoopGroup} that gives every channel an event loop of its own, a
 * strand, which any worker thread may run. It lives as long as the runtime below does, or
 * one life of it, and its end is that of the runtime. Safe for use by many threads.
 */
public final class StrandEventLoopGroup extends AbstractEventExecutorGroup implements IoEventLoopGroup {

	private final Transport transport;

	private final TransportSupport support;

	private final TaskRuntime runtime;

	/** The life of the runtime that this belongs to. */
	private final int life;

	private final NettyIoDriver[] drivers;

	private final AtomicInteger nextWorker = new AtomicInteger();

	private final List<EventExecutor> anchors;

	private final Promise<Void> termination = new DefaultPromise<>(GlobalEventExecutor.INSTANCE);

	/**
	 * Creates event loops on a runtime.
	 * @param runtime runs them; its drivers are those of the transport
	 * @param transport the transport
	 * @throws TransportUnavailableException if the transport is not available
	 * @throws IllegalArgumentException if the runtime has other drivers
	 * @see Transport#driverFactory()
	 */
	public StrandEventLoopGroup(TaskRuntime runtime, Transport transport) {
		this(Objects.requireNonNull(runtime, "runtime"), Objects.requireNonNull(transport, "transport").resolve(),
				transport.resolve().support());
	}

	StrandEventLoopGroup(TaskRuntime runtime, Transport transport, TransportSupport support) {
		this.runtime = runtime;
		this.life = runtime.restarts();
		this.transport = transport;
		this.support = support;
		this.drivers = new NettyIoDriver[runtime.config().workers()];
		Arrays.setAll(this.drivers, (worker) -> driverOf(runtime, worker));
		StrandEventLoop[] loops = new StrandEventLoop[this.drivers.length];
		Arrays.setAll(loops, this::newLoop);
		this.anchors = List.of(loops);
		runtime.termination().thenRun(() -> this.termination.setSuccess(null));
	}

	private static NettyIoDriver driverOf(TaskRuntime runtime, int worker) {
		if (StrandIo.driver(runtime, worker) instanceof NettyIoDriver driver) {
			return driver;
		}
		throw new IllegalArgumentException("The runtime was not started with the drivers of a transport");
	}

	/**
	 * Returns the runtime below.
	 * @return the runtime
	 */
	public TaskRuntime runtime() {
		return this.runtime;
	}

	/**
	 * Returns the strand behind an event loop.
	 * @param loop the loop
	 * @return {@code null} if the loop is not of such a group
	 */
	public static @Nullable Strand strandOf(EventExecutor loop) {
		Objects.requireNonNull(loop, "loop");
		return (loop instanceof StrandEventLoop strandLoop) ? strandLoop.strand() : null;
	}

	/**
	 * Returns the transport in use.
	 * @return a transport other than {@link Transport#AUTO}
	 */
	public Transport transport() {
		return this.transport;
	}

	TransportSupport support() {
		return this.support;
	}

	/**
	 * Makes a loop for one channel. Workers take turns, as many as there are processors.
	 * After the end it is one that has ended, also if the runtime lives again.
	 */
	@Override
	public IoEventLoop next() {
		int worker = Math.floorMod(this.nextWorker.getAndIncrement(), StrandIo.workersForIo(this.runtime));
		StrandEventLoop loop = newLoop(worker);
		return isOfCurrentLife() ? loop : (IoEventLoop) this.anchors.get(worker);
	}

	StrandEventLoop newLoop(int worker) {
		StrandOptions home = StrandOptions.DEFAULTS.homeWorker(worker);
		StrandOptions options = this.support.pinsChannels() ? home.pinned() : home;
		return new StrandEventLoop(this, this.drivers[worker], this.runtime.newStrand(options));
	}

	/**
	 * Returns an executor on a strand of the caller's. No channel may be registered with
	 * it.
	 * @param strand a strand of the runtime below
	 * @return an executor that is the strand
	 */
	public EventExecutor executorOn(Strand strand) {
		Objects.requireNonNull(strand, "strand");
		return new StrandEventLoop(this, this.drivers[0], strand);
	}

	/**
	 * Returns whether the runtime has not begun another life since.
	 */
	private boolean isOfCurrentLife() {
		return this.runtime.restarts() == this.life;
	}

	@Override
	@Deprecated
	public ChannelFuture register(Channel channel) {
		return next().register(channel);
	}

	@Override
	@Deprecated
	public ChannelFuture register(ChannelPromise promise) {
		return next().register(promise);
	}

	@Override
	@Deprecated
	public ChannelFuture register(Channel channel, ChannelPromise promise) {
		return next().register(channel, promise);
	}

	@Override
	public boolean isCompatible(Class<? extends IoHandle> handleType) {
		return this.support.handleType().isAssignableFrom(handleType);
	}

	@Override
	public boolean isIoType(Class<? extends IoHandler> handlerType) {
		Objects.requireNonNull(handlerType, "handlerType");
		return this.support.handlerType().equals(handlerType);
	}

	/**
	 * Returns one loop per worker.
	 */
	@Override
	public Iterator<EventExecutor> iterator() {
		return this.anchors.iterator();
	}

	/**
	 * Ends the runtime.
	 */
	@Override
	public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
		if (isOfCurrentLife()) {
			this.runtime.shutdown(Duration.ofNanos(unit.toNanos(quietPeriod)), Duration.ofNanos(unit.toNanos(timeout)));
		}
		return this.termination;
	}

	@Override
	@Deprecated
	public void shutdown() {
		shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	@Override
	public Future<?> terminationFuture() {
		return this.termination;
	}

	@Override
	public boolean isShuttingDown() {
		return !isOfCurrentLife() || this.runtime.isShuttingDown();
	}

	@Override
	public boolean isShutdown() {
		return !isOfCurrentLife() || this.runtime.isShutdown();
	}

	@Override
	public boolean isTerminated() {
		return this.termination.isDone();
	}

	@Override
	public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
		return this.termination.await(timeout, unit);
	}

}
