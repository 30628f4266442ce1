package dev.loopline.autoconfigure.hardening;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;

/**
 * Sees where the requests of an HTTP/1.1 connection begin and end, and which of them are
 * malformed. Only for the event loop of the connection.
 */
final class RequestWatchHandler extends ChannelDuplexHandler {

	static final String NAME = RequestWatchHandler.class.getName();

	private final WatchedConnection connection;

	private final ConnectionWatch watch;

	/** Whether the connection ends with an answer that was given here. */
	private boolean ended;

	RequestWatchHandler(WatchedConnection connection, ConnectionWatch watch) {
		this.connection = connection;
		this.watch = watch;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (this.ended) {
			ReferenceCountUtil.release(message);
			return;
		}
		if (message instanceof HttpRequest request) {
			this.connection.requestBegan();
			if (this.watch.limits().maxHeaders() > 0 && request.headers().size() > this.watch.limits().maxHeaders()) {
				request.setDecoderResult(DecoderResult.failure(new TooLongHttpHeaderException(
						"There are more than " + this.watch.limits().maxHeaders() + " header fields")));
			}
			if (request.decoderResult().isFailure() && !this.watch.malformed().mayLog(this.watch.now())) {
				refuse(context, request);
				return;
			}
		}
		if (message instanceof HttpContent) {
			this.connection.contentCame(message instanceof LastHttpContent);
		}
		context.fireChannelRead(message);
	}

	/** As Reactor Netty does, without a word. */
	private void refuse(ChannelHandlerContext context, HttpRequest request) {
		Throwable cause = request.decoderResult().cause();
		HttpResponseStatus status = (cause instanceof TooLongHttpLineException)
				? HttpResponseStatus.REQUEST_URI_TOO_LONG : (cause instanceof TooLongHttpHeaderException)
						? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE : HttpResponseStatus.BAD_REQUEST;
		FullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
		answer.headers()
			.setInt(HttpHeaderNames.CONTENT_LENGTH, 0)
			.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
		ReferenceCountUtil.release(request);
		this.ended = true;
		context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
	}

	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (message instanceof LastHttpContent && !(message instanceof HttpResponse response
				&& response.status().codeClass() == HttpStatusClass.INFORMATIONAL)) {
			this.connection.answerEnded();
		}
		context.write(message, promise);
	}

}
