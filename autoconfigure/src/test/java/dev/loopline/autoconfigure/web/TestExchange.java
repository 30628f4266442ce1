package dev.loopline.autoconfigure.web;

import java.util.concurrent.CompletableFuture;

import io.netty.channel.embedded.EmbeddedChannel;
import org.reactivestreams.Subscription;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

import dev.loopline.runtime.Strand;

/**
 * An exchange without a server, which remembers how it ended.
 */
final class TestExchange {

	private final CompletableFuture<Void> end = new CompletableFuture<>();

	private final StrandExchange exchange;

	TestExchange(Strand strand) {
		EmbeddedChannel channel = new EmbeddedChannel();
		RequestStrand own = new RequestStrand(strand, channel, new RequestName(channel),
				ConnectionExchanges.of(channel), null, SlowRoutes.none(), null);
		this.exchange = new StrandExchange(own, (request, response) -> Mono.never(),
				MockServerHttpRequest.get("/").build(), new MockServerHttpResponse(), new BaseSubscriber<Void>() {

					@Override
					protected void hookOnSubscribe(Subscription subscription) {
						subscription.request(Long.MAX_VALUE);
					}

					@Override
					protected void hookOnComplete() {
						TestExchange.this.end.complete(null);
					}

					@Override
					protected void hookOnError(Throwable ex) {
						TestExchange.this.end.completeExceptionally(ex);
					}

				});
	}

	static StrandExchange on(Strand strand) {
		return new TestExchange(strand).exchange();
	}

	StrandExchange exchange() {
		return this.exchange;
	}

	CompletableFuture<Void> end() {
		return this.end;
	}

}
