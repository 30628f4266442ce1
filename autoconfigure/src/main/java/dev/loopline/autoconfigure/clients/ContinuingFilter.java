package dev.loopline.autoconfigure.clients;

import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import dev.loopline.autoconfigure.reactor.ContinuedWork;
import dev.loopline.runtime.Strand;

/**
 * Lets what a connection's strand brings continue on one of whoever asked, unless the
 * connection works for him alone: streams of HTTP/2 share theirs. Safe for use by many
 * threads.
 *
 * @param work makes strands
 */
record ContinuingFilter(ClientWork work) implements ExchangeFilterFunction {

	@Override
	public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		return Mono.defer(() -> {
			Caller caller = new Caller(ContinuedWork.lastingCurrent(), Strand.current());
			return next.exchange(request)
				.flatMap((response) -> caller.isHere() ? Mono.just(response) : continueOn(caller, response))
				.onErrorResume((failure) -> caller.isHere() ? Mono.error(failure)
						: Mono.<ClientResponse>error(failure).publishOn(scheduler(caller)))
				.doOnDiscard(ClientResponse.class, ContinuingFilter::release);
		});
	}

	/** It may have let go by itself, as whoever asked has cancelled. */
	private static void release(ClientResponse response) {
		response.releaseBody().onErrorComplete().subscribe();
	}

	private Mono<ClientResponse> continueOn(Caller caller, ClientResponse response) {
		Scheduler scheduler = scheduler(caller);
		ClientResponse continuing = ContinuingWebClients.isSprings(response)
				? response.mutate().body((body) -> StrandConnector.continueOn(scheduler, body)).build() : response;
		// Without hide() a response that is cancelled on its way would not be discarded
		return Mono.just(continuing).hide().publishOn(scheduler);
	}

	private Scheduler scheduler(Caller caller) {
		Strand strand = this.work.newStrand(caller.work());
		return (strand != null) ? Schedulers.fromExecutor((task) -> ClientWork.run(strand, task, Runnable::run))
				: Schedulers.immediate();
	}

	/**
	 * Whoever asked.
	 *
	 * @param work what for, if that goes on elsewhere
	 * @param strand where, if on one
	 */
	private record Caller(@Nullable ContinuedWork work, @Nullable Strand strand) {

		/**
		 * Returns whether the calling thread may go on: it runs a strand that works for
		 * the same, or none, and so no connection's.
		 */
		boolean isHere() {
			Strand current = Strand.current();
			return current == null || current == this.strand
					|| this.work != null && this.work.equals(ContinuedWork.lastingCurrent());
		}

	}

}
