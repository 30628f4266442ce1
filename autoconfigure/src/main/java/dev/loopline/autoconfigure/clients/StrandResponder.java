package dev.loopline.autoconfigure.clients;

import java.util.function.Consumer;
import java.util.function.Supplier;

import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.util.RSocketProxy;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import dev.loopline.runtime.TaskRuntime;

/**
 * Serves each request of a connection on a strand of its own, which knows the route, as
 * all of them would share the connection's. Safe for use by many threads.
 */
final class StrandResponder extends RSocketProxy {

	private final String mimeType;

	private final RSocketRoutes routes;

	private final ClientWork work;

	/**
	 * Creates a responder.
	 * @param handler serves requests
	 * @param mimeType what the connection's metadata is
	 * @param routes knows what a request is for
	 * @param work knows the runtime
	 */
	StrandResponder(RSocket handler, String mimeType, RSocketRoutes routes, ClientWork work) {
		super(handler);
		this.mimeType = mimeType;
		this.routes = routes;
		this.work = work;
	}

	@Override
	public Mono<Void> fireAndForget(Payload payload) {
		return mono(payload, "fireAndForget", () -> super.fireAndForget(payload));
	}

	@Override
	public Mono<Payload> requestResponse(Payload payload) {
		return mono(payload, "requestResponse", () -> super.requestResponse(payload));
	}

	@Override
	public Mono<Void> metadataPush(Payload payload) {
		return mono(payload, "metadataPush", () -> super.metadataPush(payload));
	}

	private <T> Mono<T> mono(Payload payload, String interaction, Supplier<Mono<T>> answer) {
		StrandTurns turns = newTurns(payload, interaction);
		return (turns != null) ? AskedOnStrand.mono(answer, payload::release, turns) : answer.get();
	}

	@Override
	public Flux<Payload> requestStream(Payload payload) {
		StrandTurns turns = newTurns(payload, "requestStream");
		return (turns != null) ? AskedOnStrand.flux(() -> super.requestStream(payload), payload::release, turns)
				: super.requestStream(payload);
	}

	private @Nullable StrandTurns newTurns(Payload payload, String interaction) {
		TaskRuntime runtime = this.work.runtime();
		return (runtime != null)
				? new StrandTurns(this.routes.find(payload, this.mimeType, interaction).newStrand(runtime, null))
				: null;
	}

	/**
	 * Serves a channel, whose route comes with its first payload, and that when the
	 * handler asks for it.
	 */
	@Override
	public Flux<Payload> requestChannel(Publisher<Payload> payloads) {
		TaskRuntime runtime = this.work.runtime();
		if (runtime == null) {
			return super.requestChannel(payloads);
		}
		StrandTurns turns = new StrandTurns(runtime.newStrand());
		Flux<Payload> named = Flux.from(payloads).doOnNext(new Naming(turns));
		return AskedOnStrand.flux(() -> super.requestChannel(ToldOnStrand.flux(named, turns)), () -> {
		}, turns);
	}

	/**
	 * Lets a strand know what it works for with the first payload, before that arrives.
	 */
	private final class Naming implements Consumer<Payload> {

		private final StrandTurns turns;

		private boolean named;

		Naming(StrandTurns turns) {
			this.turns = turns;
		}

		@Override
		public void accept(Payload payload) {
			if (this.named) {
				return;
			}
			this.named = true;
			ServedMethod method = StrandResponder.this.routes.find(payload, StrandResponder.this.mimeType,
					"requestChannel");
			this.turns.execute(() -> {
				if (this.turns.strand().isCurrent()) { // the runtime has not ended
					method.begin(this.turns.strand());
				}
			});
		}

	}

}
