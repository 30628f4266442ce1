package dev.loopline.autoconfigure.reactor;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ServerChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.util.AttributeKey;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.HttpOperations;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * Tells the clients of a server that it is about to end. Safe for use by many threads.
 */
final class Farewell implements ConnectionObserver {

	/*-
	 * The protocol
	 * ------------
	 * Reactor Netty lets running requests end, but tells nobody: an HTTP/1.1 client that gets an answer without
	 * "Connection: close" may send its next request into a connection that is closing. So:
	 * 1. announce: the server still accepts everything. Every HTTP/1.1 answer carries "Connection: close" from now on;
	 *    an HTTP/2 connection gets a GOAWAY for the highest stream there is: open no more, nothing is refused. One that
	 *    is new by then, or is not known before its first stream (TLS), gets it with that.
	 *    Load balancers have the time until step 2 to notice that readiness is down.
	 * 2. drain: an HTTP/2 connection gets a second GOAWAY with the last stream that was seen, so that a client knows
	 *    what it may send again elsewhere. A WebSocket gets a close frame, "going away", by way of its session, which
	 *    sends only one whoever else asks for it, and ends. Then Spring Boot stops accepting and waits for requests.
	 * 3. lastCall: shortly before that wait times out, streams of server-sent events, which may well never end,
	 *    end as if they had, and clients reconnect elsewhere. Anything else that is cut then is seen to be cut.
	 */

	private static final String CLOSE_HANDLER = "loopline.farewell";

	private static final AttributeKey<Boolean> GONE_AWAY = AttributeKey.valueOf(Farewell.class, "goneAway");

	private final Set<Channel> channels = ConcurrentHashMap.newKeySet();

	private final ConnectionCloseHandler closeHandler = new ConnectionCloseHandler();

	@Override
	public void onStateChange(Connection connection, State newState) {
		if (newState == State.CONNECTED) {
			track(connection.channel());
			addCloseHandler(connection.channel().pipeline());
		}
		else if (this.closeHandler.isLeaving() && newState == State.CONFIGURED) {
			Channel channel = connection.channel();
			announce(channel);
			if (isStream(channel)) {
				announce(channel.parent()); // which may have been tracked too late
			}
		}
	}

	private void track(Channel channel) {
		if (this.channels.add(channel)) {
			channel.closeFuture().addListener((closed) -> this.channels.remove(channel));
			if (isStream(channel)) {
				track(channel.parent());
			}
		}
	}

	/** A stream of HTTP/2 is a channel of its own, and its parent is the connection. */
	private static boolean isStream(Channel channel) {
		return channel.parent() != null && !(channel.parent() instanceof ServerChannel);
	}

	/** Completes when every answer from then on is marked. */
	CompletableFuture<Void> announce() {
		this.closeHandler.leave();
		return forEachChannel(this::announce);
	}

	private void announce(Channel channel) {
		ChannelPipeline pipeline = channel.pipeline();
		if (pipeline.get(Http2FrameCodec.class) == null) {
			addCloseHandler(pipeline);
		}
		else if (channel.attr(GONE_AWAY).getAndSet(true) == null) {
			channel
				.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(Integer.MAX_VALUE));
		}
	}

	/** With TLS the pipeline is not complete until the protocol has been agreed on. */
	private void addCloseHandler(ChannelPipeline pipeline) {
		if (pipeline.get(NettyPipeline.HttpTrafficHandler) != null && pipeline.get(CLOSE_HANDLER) == null) {
			pipeline.addBefore(NettyPipeline.ReactiveBridge, CLOSE_HANDLER, this.closeHandler);
		}
	}

	void drain() {
		forEachChannel((channel) -> {
			if (channel.pipeline().get(Http2FrameCodec.class) != null) {
				// The last one: what announces must not allow more streams than it
				channel.attr(GONE_AWAY).set(true);
				channel.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
			}
			else if (ChannelOperations.get(channel) instanceof WebsocketOutbound webSocket) {
				WebSocketCloseStatus status = WebSocketCloseStatus.ENDPOINT_UNAVAILABLE;
				webSocket.sendClose(status.code(), status.reasonText()).onErrorComplete().subscribe();
			}
		});
	}

	void lastCall() {
		forEachChannel((channel) -> {
			ChannelOperations<?, ?> operations = ChannelOperations.get(channel);
			if (operations instanceof HttpServerResponse response && isEventStream(response)
					&& ((HttpOperations<?, ?>) operations).hasSentHeaders()) {
				channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
			}
		});
	}

	private static boolean isEventStream(HttpServerResponse response) {
		String type = response.responseHeaders().get(HttpHeaderNames.CONTENT_TYPE);
		return type != null && type.startsWith("text/event-stream");
	}

	private CompletableFuture<Void> forEachChannel(Consumer<Channel> action) {
		return CompletableFuture.allOf(this.channels.stream()
			.map((channel) -> CompletableFuture.runAsync(() -> act(channel, action), channel.eventLoop()))
			.toArray(CompletableFuture[]::new));
	}

	private static void act(Channel channel, Consumer<Channel> action) {
		if (channel.isActive()) {
			action.accept(channel);
		}
	}

}
