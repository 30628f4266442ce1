package dev.loopline.autoconfigure.hardening;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.ScheduledFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.DisposableServer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

import dev.loopline.runtime.time.Ticker;

/**
 * Watches the connections of a server, all of them by one timer: a timer for each request
 * would cost more than all the rest. Safe for use by many threads.
 */
final class ConnectionWatch implements ConnectionObserver {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionWatch.class);

	private static final long LOG_NANOS = 60_000_000_000L;

	private final ConnectionLimits limits;

	private final int maxConnections;

	private final Ticker ticker;

	private final MalformedRequests malformed;

	private final Set<WatchedConnection> connections = ConcurrentHashMap.newKeySet();

	/** As of the last look. */
	private volatile long now;

	/** Connections that were closed as they were too many, and not logged. */
	private final AtomicLong surplus = new AtomicLong();

	private long lastSurplusLog;

	ConnectionWatch(ConnectionLimits limits, int maxConnections, Ticker ticker) {
		this.limits = limits;
		this.maxConnections = maxConnections;
		this.ticker = ticker;
		this.malformed = new MalformedRequests(limits.malformedNanos());
		this.now = ticker.nanos();
		this.lastSurplusLog = this.now - LOG_NANOS;
	}

	/**
	 * Has the connections of a server watched.
	 */
	static HttpServer watch(HttpServer server, ConnectionLimits limits, int maxConnections, Ticker ticker) {
		ConnectionLimits own = (server.configuration().idleTimeout() != null) ? limits.withoutIdle() : limits;
		ConnectionWatch watch = new ConnectionWatch(own, maxConnections, ticker);
		return server.doOnChannelInit((observer, channel, address) -> watch.accept(channel))
			.childObserve(watch)
			.doOnBound(watch::start);
	}

	private void start(DisposableServer server) {
		long period = this.limits.periodNanos();
		this.now = this.ticker.nanos();
		ScheduledFuture<?> looks = server.channel()
			.eventLoop()
			.scheduleWithFixedDelay(this::look, period, period, TimeUnit.NANOSECONDS);
		server.channel().closeFuture().addListener((closed) -> looks.cancel(false));
	}

	/**
	 * Begins to watch a connection, or closes it if there are too many.
	 */
	void accept(Channel channel) {
		if (!(channel.parent() instanceof ServerChannel)) {
			return;
		}
		WatchedConnection connection = new WatchedConnection(this, channel);
		this.connections.add(connection);
		channel.closeFuture().addListener((ChannelFuture closed) -> this.connections.remove(connection));
		if (this.maxConnections > 0 && this.connections.size() > this.maxConnections) {
			this.surplus.incrementAndGet();
			channel.close();
			return;
		}
		channel.pipeline().addFirst(connection);
	}

	/**
	 * Looks at every connection once.
	 */
	void look() {
		long now = this.ticker.nanos();
		this.now = now;
		for (WatchedConnection connection : this.connections) {
			if (connection.isSuspect(now)) {
				connection.channel().eventLoop().execute(connection::check);
			}
		}
		if (this.surplus.get() > 0 && now - this.lastSurplusLog >= LOG_NANOS) {
			this.lastSurplusLog = now;
			logger.warn("{} connections were closed at once, as there are {} (loopline.web.connections.max, and what "
					+ "the file descriptors allow)", this.surplus.getAndSet(0), this.maxConnections);
		}
	}

	/** With TLS the pipeline is not complete until the first request. */
	@Override
	public void onStateChange(Connection connection, State newState) {
		if (newState == State.CONNECTED || newState == State.CONFIGURED) {
			ChannelPipeline pipeline = connection.channel().pipeline();
			if (pipeline.get(RequestWatchHandler.NAME) == null && pipeline.get(NettyPipeline.HttpCodec) != null) {
				add(pipeline, newState == State.CONFIGURED);
			}
		}
	}

	private void add(ChannelPipeline pipeline, boolean began) {
		WatchedConnection watched = pipeline.get(WatchedConnection.class);
		if (watched == null) {
			return;
		}
		pipeline.addAfter(NettyPipeline.HttpCodec, RequestWatchHandler.NAME, new RequestWatchHandler(watched, this));
		if (began) {
			watched.requestBegan();
		}
	}

	long now() {
		return this.now;
	}

	ConnectionLimits limits() {
		return this.limits;
	}

	MalformedRequests malformed() {
		return this.malformed;
	}

}
