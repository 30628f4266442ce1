package dev.loopline.autoconfigure.clients;

import java.net.URI;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.http.client.reactive.ClientHttpResponseDecorator;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Lets what a client with threads of its own receives continue on strands: the response
 * and its body on one each, of the work that asked. Safe for use by many threads.
 *
 * @param connector makes connections
 * @param scheduler whose workers are strands of whoever subscribes
 * @param cancelsWithData whether it sees that a body is cancelled only when more of it
 * arrives
 */
record StrandConnector(ClientHttpConnector connector, Scheduler scheduler,
		boolean cancelsWithData) implements ClientHttpConnector, AutoCloseable {

	/** Buffers of some 16 KB that are taken over before somebody asks for more. */
	private static final int PREFETCH = 8;

	/**
	 * Sends a request. A worker is made while the caller subscribes: a Mono's own
	 * {@code publishOn} would not ask before the response is there, on a thread that
	 * knows nothing of him. The hook is behind all operators that may hold a response.
	 */
	@Override
	public Mono<ClientHttpResponse> connect(HttpMethod method, URI uri,
			Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
		return this.connector.connect(method, uri, requestCallback)
			.<ClientHttpResponse>map(Response::new)
			.flux()
			.publishOn(this.scheduler, 1)
			.singleOrEmpty()
			.doOnDiscard(Response.class, Response::letGo);
	}

	/**
	 * Lets a body continue elsewhere.
	 */
	static Flux<DataBuffer> continueOn(Scheduler scheduler, Flux<DataBuffer> body) {
		return body.hide() // who clears a queue must not ask the client for more
			.publishOn(scheduler, PREFETCH)
			.doOnDiscard(DataBuffer.class, DataBufferUtils::release);
	}

	/**
	 * Closes the connector, if it can be.
	 */
	@Override
	public void close() throws Exception {
		if (this.connector instanceof AutoCloseable closeable) {
			closeable.close();
		}
	}

	/**
	 * Lets a client notice that a body is cancelled that it may not read on with, as so
	 * much of it waits for somebody to ask.
	 */
	private static Flux<DataBuffer> readOnWhenCancelled(Flux<DataBuffer> body) {
		return Flux.defer(() -> {
			AtomicReference<Subscription> subscription = new AtomicReference<>();
			return body.doOnSubscribe(subscription::set)
				// Not Long.MAX_VALUE: Apache's client adds what is asked for.
				.doOnCancel(() -> Objects.requireNonNull(subscription.get()).request(Integer.MAX_VALUE));
		});
	}

	/**
	 * A response whose body arrives on a strand.
	 */
	private final class Response extends ClientHttpResponseDecorator {

		Response(ClientHttpResponse response) {
			super(response);
		}

		@Override
		public Flux<DataBuffer> getBody() {
			return continueOn(StrandConnector.this.scheduler, body());
		}

		/**
		 * Lets go of the connection of a response that nobody wants any more.
		 */
		void letGo() {
			body().subscribe(new BaseSubscriber<>() {

				@Override
				protected void hookOnSubscribe(Subscription subscription) {
					subscription.cancel();
				}

				@Override
				protected void hookOnNext(DataBuffer late) {
					DataBufferUtils.release(late);
				}

			});
		}

		private Flux<DataBuffer> body() {
			return StrandConnector.this.cancelsWithData ? readOnWhenCancelled(super.getBody()) : super.getBody();
		}

	}

}
