package dev.loopline.autoconfigure.shortway;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Commits a response of Reactor Netty and sends its only buffer, as
 * {@link AbstractServerHttpResponse#writeWith} does with thirteen operators. A buffer
 * that is not sent is given back.
 */
final class SentBuffer extends Mono<Void> {

	/** By name: it is not public. */
	private static final String RESPONSE = "org.springframework.http.server.reactive.ReactorServerHttpResponse";

	private static final ClassValue<Boolean> SENDS = new ClassValue<>() {

		@Override
		protected Boolean computeValue(Class<?> type) {
			return type.getName().equals(RESPONSE);
		}

	};

	private final AbstractServerHttpResponse response;

	private final DataBuffer buffer;

	private SentBuffer(AbstractServerHttpResponse response, DataBuffer buffer) {
		this.response = response;
		this.buffer = buffer;
	}

	/**
	 * Writes a buffer with Spring's own operators if the response is another one.
	 */
	static Mono<Void> of(ServerHttpResponse response, DataBuffer buffer) {
		return SENDS.get(response.getClass()) ? new SentBuffer((AbstractServerHttpResponse) response, buffer)
				: response.writeWith(Mono.just(buffer)).doOnDiscard(DataBuffer.class, DataBufferUtils::release);
	}

	@Override
	public void subscribe(CoreSubscriber<? super Void> actual) {
		Way way = new Way(actual, this.response, this.buffer);
		actual.onSubscribe(way);
		way.commit();
	}

	private static final class Way extends Stages {

		private static final AtomicIntegerFieldUpdater<Way> TAKEN = AtomicIntegerFieldUpdater.newUpdater(Way.class,
				"taken");

		/** What others have asked for before the commit, and the head. */
		private static final int COMMIT = 0;

		private static final int SEND = 1;

		private final AbstractServerHttpResponse response;

		private final DataBuffer buffer;

		/** By whoever gives the buffer away: to Netty, or back. */
		@SuppressWarnings("UnusedVariable") // by TAKEN
		private volatile int taken;

		Way(CoreSubscriber<? super Void> actual, AbstractServerHttpResponse response, DataBuffer buffer) {
			super(actual);
			this.response = response;
			this.buffer = buffer;
		}

		void commit() {
			if (isCancelled()) {
				return;
			}
			Mono<Void> commit = this.response.setComplete();
			if (commit == Mono.<Void>empty()) {
				giveBack(); // somebody else commits or has; Spring forgets the buffer
							// then
				this.actual.onComplete();
				return;
			}
			subscribe(COMMIT, commit, this.actual.currentContext());
		}

		@Override
		void proceed(int stage, @Nullable Object nothing) {
			if (stage == SEND) {
				this.actual.onComplete();
			}
			else if (take()) {
				send();
			}
		}

		private void send() {
			Mono<Void> sending;
			try {
				HttpServerResponse netty = this.response.getNativeResponse();
				ByteBuf bytes = NettyDataBufferFactory.toByteBuf(this.buffer);
				sending = netty.send(Mono.just(bytes)).then();
			}
			catch (Throwable ex) {
				fail(SEND, Operators.onOperatorError(ex, this.actual.currentContext()));
				return;
			}
			subscribe(SEND, sending, this.actual.currentContext());
		}

		@Override
		void fail(int stage, Throwable failure) {
			if (stage == SEND || take()) {
				DataBufferUtils.release(this.buffer);
			}
			this.response.getHeaders().clearContentHeaders();
			this.actual.onError(failure);
		}

		@Override
		public void cancel() {
			super.cancel();
			giveBack();
		}

		private void giveBack() {
			if (take()) {
				DataBufferUtils.release(this.buffer);
			}
		}

		private boolean take() {
			return TAKEN.compareAndSet(this, 0, 1);
		}

	}

}
