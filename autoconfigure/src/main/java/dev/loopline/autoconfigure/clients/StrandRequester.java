package dev.loopline.autoconfigure.clients;

import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.util.RSocketProxy;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import dev.loopline.runtime.Strand;

/**
 * Lets what a request receives arrive on a strand of its own, of the work that asked, as
 * all requests would share the connection's. Safe for use by many threads.
 */
final class StrandRequester extends RSocketProxy {

	private final ClientWork work;

	/**
	 * Creates a requester.
	 * @param connection sends requests
	 * @param work knows the runtime
	 */
	StrandRequester(RSocket connection, ClientWork work) {
		super(connection);
		this.work = work;
	}

	@Override
	public Mono<Void> fireAndForget(Payload payload) {
		return told(super.fireAndForget(payload));
	}

	@Override
	public Mono<Payload> requestResponse(Payload payload) {
		return told(super.requestResponse(payload));
	}

	@Override
	public Mono<Void> metadataPush(Payload payload) {
		return told(super.metadataPush(payload));
	}

	private <T> Mono<T> told(Mono<T> answer) {
		return Mono.defer(() -> {
			StrandTurns turns = newTurns();
			return (turns != null) ? ToldOnStrand.mono(answer, turns) : answer;
		});
	}

	@Override
	public Flux<Payload> requestStream(Payload payload) {
		Flux<Payload> answers = super.requestStream(payload);
		return Flux.defer(() -> {
			StrandTurns turns = newTurns();
			return (turns != null) ? ToldOnStrand.flux(answers, turns) : answers;
		});
	}

	/**
	 * Sends what somebody publishes, who is asked for it there, too: the demand comes
	 * from the connection.
	 */
	@Override
	public Flux<Payload> requestChannel(Publisher<Payload> payloads) {
		return Flux.defer(() -> {
			StrandTurns turns = newTurns();
			return (turns != null) ? ToldOnStrand.flux(super.requestChannel(AskedOnStrand.flux(() -> payloads, () -> {
			}, turns)), turns) : super.requestChannel(payloads);
		});
	}

	private @Nullable StrandTurns newTurns() {
		Strand strand = this.work.newStrand();
		return (strand != null) ? new StrandTurns(strand) : null;
	}

}
