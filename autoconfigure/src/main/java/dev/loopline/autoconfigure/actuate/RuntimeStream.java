package dev.loopline.autoconfigure.actuate;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * One snapshot a second for whoever looks. Safe for use by many threads.
 */
final class RuntimeStream {

	/*-
	 * The snapshots are taken once for all subscribers, and only while there are any. A subscriber that reads
	 * slowly gets the latest, not all. A stream ends after ten minutes: a browser then asks again, and is
	 * asked again who it is. At the end of the server all streams end, and the last event says that this is why.
	 */

	static final Duration PERIOD = Duration.ofSeconds(1);

	static final Duration LIFE = Duration.ofMinutes(10);

	private static final ServerSentEvent<?> SHUTDOWN = ServerSentEvent.builder("The server shuts down")
		.event("shutdown")
		.build();

	private final int maxSubscribers;

	private final Scheduler scheduler;

	private final Flux<ServerSentEvent<?>> snapshots;

	private final AtomicInteger subscribers = new AtomicInteger();

	private volatile Sinks.Empty<Void> end = Sinks.empty();

	private volatile boolean ended;

	RuntimeStream(Supplier<?> source, int maxSubscribers, Scheduler scheduler) {
		this.maxSubscribers = maxSubscribers;
		this.scheduler = scheduler;
		this.snapshots = Flux.interval(Duration.ZERO, PERIOD, scheduler)
			.onBackpressureDrop()
			.<ServerSentEvent<?>>map((tick) -> ServerSentEvent.builder(source.get()).event("snapshot").build())
			.publish()
			.refCount(1);
	}

	/**
	 * Returns a stream. It counts from when it is subscribed to until it ends: the answer
	 * to a HEAD has no body that anybody would subscribe to.
	 * @return {@code null} if there are too many already; if others come first, the
	 * stream ends with the same refusal
	 */
	@Nullable Flux<ServerSentEvent<?>> open() {
		return (subscribers() < this.maxSubscribers) ? Flux.defer(this::subscribe) : null;
	}

	@SuppressWarnings("ReferenceEquality") // there is one last event
	private Flux<ServerSentEvent<?>> subscribe() {
		if (this.subscribers.incrementAndGet() > this.maxSubscribers) {
			this.subscribers.decrementAndGet();
			return Flux.error(() -> new ResponseStatusException(HttpStatus.TOO_MANY_REQUESTS));
		}
		return Flux.merge(this.snapshots, this.end.asMono().thenReturn(SHUTDOWN))
			.takeUntil((event) -> event == SHUTDOWN)
			.onBackpressureLatest()
			.take(LIFE, this.scheduler)
			.doFinally((signal) -> this.subscribers.decrementAndGet());
	}

	/**
	 * Lets streams live, after all have been ended.
	 */
	void start() {
		if (this.ended) {
			this.end = Sinks.empty();
			this.ended = false;
		}
	}

	/**
	 * Ends every stream, and those that are subscribed to from now on.
	 */
	void end() {
		this.ended = true;
		this.end.tryEmitEmpty();
	}

	int subscribers() {
		return this.subscribers.get();
	}

}
