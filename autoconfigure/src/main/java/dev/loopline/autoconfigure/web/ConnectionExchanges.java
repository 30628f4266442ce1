package dev.loopline.autoconfigure.web;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The exchanges of one connection that run on strands of their own. Safe for use by many
 * threads, but for what the pipeline calls.
 */
final class ConnectionExchanges extends ChannelDuplexHandler {

	/*-
	 * An event loop that is busy with a handler reads nothing. So, on stock,
	 * 1. the next request of an HTTP/1.1 connection begins when nothing of the one before it runs any more, be it
	 *    that its answer was sent long ago;
	 * 2. a client that has said all it has to say, and shuts its side of the connection down, is noticed only then,
	 *    and gets its answer.
	 * Here the connection reads on while the handler runs, and waits with both until the strands that are busy have
	 * ended what they do. A handler that waits for something without keeping a thread holds up neither, here as
	 * there.
	 */

	/**
	 * Tasks between the end of one thing and the beginning of the next, as far as Reactor
	 * Netty has some.
	 */
	private static final int PATIENCE = 4;

	private static final AttributeKey<ConnectionExchanges> KEY = AttributeKey.valueOf(ConnectionExchanges.class,
			"exchanges");

	private static final Logger logger = LoggerFactory.getLogger(ConnectionExchanges.class);

	private final Channel connection;

	private final Set<StrandExchange> exchanges = ConcurrentHashMap.newKeySet();

	private volatile boolean inputShutDown;

	private ConnectionExchanges(Channel connection) {
		this.connection = connection;
	}

	/**
	 * Returns the exchanges of a connection. Only for its event loop.
	 */
	static ConnectionExchanges of(Channel connection) {
		ConnectionExchanges exchanges = connection.attr(KEY).get();
		if (exchanges == null) {
			exchanges = new ConnectionExchanges(connection);
			connection.attr(KEY).set(exchanges);
			connection.pipeline().addFirst(exchanges);
			connection.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
		}
		return exchanges;
	}

	/**
	 * Returns the exchanges of a connection that has had some.
	 */
	static @Nullable ConnectionExchanges find(Channel connection) {
		return connection.hasAttr(KEY) ? connection.attr(KEY).get() : null;
	}

	void add(StrandExchange exchange) {
		this.exchanges.add(exchange);
	}

	void remove(StrandExchange exchange) {
		this.exchanges.remove(exchange);
	}

	/**
	 * Returns whether the client will say nothing more, and may even have left.
	 */
	boolean isInputShutDown() {
		return this.inputShutDown;
	}

	boolean isBusy() {
		return !busy().isEmpty();
	}

	private List<StrandExchange> busy() {
		return this.exchanges.isEmpty() ? List.of() : this.exchanges.stream().filter(StrandExchange::isBusy).toList();
	}

	/**
	 * Runs something on the event loop of the connection once the strands that are busy
	 * now have ended what they do; at once if none is. Only for that event loop.
	 */
	void whenIdle(Runnable action) {
		List<StrandExchange> busy = busy();
		if (busy.isEmpty()) {
			action.run();
		}
		else {
			afterAll(busy, action);
		}
	}

	private void afterAll(List<StrandExchange> busy, Runnable action) {
		AtomicInteger left = new AtomicInteger(busy.size());
		Runnable next = Schedulers.onSchedule(action);
		Runnable passed = () -> {
			if (left.decrementAndGet() == 0) {
				executeOnConnection(next);
			}
		};
		for (StrandExchange exchange : busy) {
			if (!exchange.execute(passed)) {
				passed.run();
			}
		}
	}

	/**
	 * Completes on the event loop when no strand is busy.
	 */
	Mono<Void> idle() {
		return Mono.create((sink) -> whenIdle(sink::success));
	}

	/**
	 * As the server does it with whatever a handler throws.
	 */
	private void executeOnConnection(Runnable action) {
		try {
			this.connection.eventLoop().execute(() -> {
				try {
					action.run();
				}
				catch (Throwable ex) {
					logger.error("{} failed", this.connection, ex);
					this.connection.close();
				}
			});
		}
		catch (RejectedExecutionException ex) {
			// The connection ends with the runtime.
		}
	}

	/**
	 * Strands may have begun something else meanwhile, such as a request that waited for
	 * its turn, or the handling of a body; and the server may be about to begin the next
	 * request.
	 * @param patience for how many more tasks of the connection no strand must be busy
	 */
	private void closeWhenIdle(int patience) {
		List<StrandExchange> busy = busy();
		if (!busy.isEmpty()) {
			afterAll(busy, () -> closeWhenIdle(PATIENCE));
		}
		else if (patience > 0 || this.exchanges.stream().anyMatch((exchange) -> !exchange.isHandedOver())) {
			executeOnConnection(() -> closeWhenIdle(patience - 1));
		}
		else {
			close(); // what was written leaves first
		}
	}

	/**
	 * Not by way of HTTP/2, which would wait for the streams to end: the client that has
	 * left ends none of them.
	 */
	private void close() {
		ChannelHandlerContext http2 = this.connection.pipeline().context(Http2ConnectionHandler.class);
		if (http2 != null) {
			http2.close();
		}
		else {
			this.connection.close();
		}
	}

	/**
	 * Whoever closed it: a server that ends tells nobody that reads.
	 */
	@Override
	public void channelInactive(ChannelHandlerContext context) {
		this.exchanges.forEach(StrandExchange::interruptWaitForBody);
		context.fireChannelInactive();
	}

	@Override
	public void read(ChannelHandlerContext context) {
		if (!this.inputShutDown) {
			context.read();
		}
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext context, Object event) {
		if (event instanceof ChannelInputShutdownEvent) {
			this.inputShutDown = true;
			this.exchanges.forEach(StrandExchange::inputEnded);
			closeWhenIdle(PATIENCE);
		}
		else if (!(event instanceof ChannelInputShutdownReadComplete)) {
			context.fireUserEventTriggered(event);
		}
	}

}
