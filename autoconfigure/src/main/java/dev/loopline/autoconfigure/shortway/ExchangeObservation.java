package dev.loopline.autoconfigure.shortway;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.reactive.observation.ServerHttpObservationDocumentation;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.http.server.reactive.observation.ServerRequestObservationConvention;
import org.springframework.web.server.handler.ExceptionHandlingWebHandler;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * The observation of an exchange, which ends once, with its response.
 */
final class ExchangeObservation {

	private static final ServerRequestObservationConvention DEFAULT_CONVENTION = new DefaultServerRequestObservationConvention();

	private static final AtomicIntegerFieldUpdater<ExchangeObservation> ENDED = AtomicIntegerFieldUpdater
		.newUpdater(ExchangeObservation.class, "ended");

	private final ServerRequestObservationContext context;

	private final Observation observation;

	@SuppressWarnings("UnusedVariable") // by ENDED
	private volatile int ended;

	/**
	 * Starts.
	 */
	ExchangeObservation(ServerRequestObservationContext context, ServerRequestObservationConvention convention,
			ObservationRegistry registry) {
		this.context = context;
		this.observation = ServerHttpObservationDocumentation.HTTP_REACTIVE_SERVER_REQUESTS.start(convention,
				DEFAULT_CONVENTION, () -> context, registry);
	}

	Context addTo(Context context) {
		return context.put(ObservationThreadLocalAccessor.KEY, this.observation);
	}

	void connectionAborted() {
		this.context.setConnectionAborted(true);
	}

	void cancel() {
		if (end()) {
			connectionAborted();
			this.observation.stop();
		}
	}

	void complete() {
		if (end()) {
			if (this.context.getAttributes()
				.get(ExceptionHandlingWebHandler.HANDLED_WEB_EXCEPTION) instanceof Throwable handled) {
				this.observation.error(handled);
			}
			stop();
		}
	}

	void fail(Throwable failure) {
		if (end()) {
			this.context.setError(failure);
			stop();
		}
	}

	private boolean end() {
		return ENDED.compareAndSet(this, 0, 1);
	}

	/**
	 * Not before the status is decided.
	 */
	private void stop() {
		ServerHttpResponse response = this.context.getResponse();
		if (response == null) {
			return;
		}
		if (response.isCommitted()) {
			this.observation.stop();
			return;
		}
		response.beforeCommit(() -> {
			this.observation.stop();
			return Mono.empty();
		});
	}

}
