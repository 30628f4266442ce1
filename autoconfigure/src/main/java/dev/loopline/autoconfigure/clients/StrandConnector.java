package dev.loopline.autoconfigure.clients;

import java.net.URI;
import java.util.function.Function;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.http.client.reactive.ClientHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Lets what a client with threads of its own receives continue on strands: the response
 * and its body on one each, of the work that asked. Safe for use by many threads.
 *
 * @param connector makes connections
 * @param scheduler whose workers are strands of whoever subscribes
 */
record StrandConnector(ClientHttpConnector connector,
		Scheduler scheduler) implements ClientHttpConnector, AutoCloseable {

	/** Buffers of some 16 KB that are taken over before somebody asks for more. */
	private static final int PREFETCH = 8;

	/**
	 * Sends a request. A worker is made while the caller subscribes: a Mono's own
	 * {@code publishOn} would not ask before the response is there, on a thread that
	 * knows nothing of him.
	 */
	@Override
	public Mono<ClientHttpResponse> connect(HttpMethod method, URI uri,
			Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
		return this.connector.connect(method, uri, requestCallback)
			.flux()
			.publishOn(this.scheduler, 1)
			.doOnDiscard(ClientHttpResponse.class, StrandConnector::cancel)
			.<ClientHttpResponse>map(Response::new)
			.singleOrEmpty();
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
	 * Lets go of the connection of a response that nobody wants any more.
	 */
	private static void cancel(ClientHttpResponse response) {
		response.getBody().take(0).subscribe();
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
			return super.getBody().hide() // who clears a queue must not ask the client
											// for more
				.publishOn(StrandConnector.this.scheduler, PREFETCH)
				.doOnDiscard(DataBuffer.class, DataBufferUtils::release);
		}

	}

}
