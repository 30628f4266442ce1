package dev.loopline.autoconfigure.shortway;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.springframework.core.codec.Hints;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.HandlerResult;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable.ScalarCallable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A request on its way from the mappings through its handler to its written result.
 */
final class DispatchedExchange extends Mono<Void> {

	private final Dispatch dispatch;

	private final ServerWebExchange exchange;

	DispatchedExchange(Dispatch dispatch, ServerWebExchange exchange) {
		this.dispatch = dispatch;
		this.exchange = exchange;
	}

	@Override
	public void subscribe(CoreSubscriber<? super Void> actual) {
		Way way = new Way(actual, this.dispatch, this.exchange);
		actual.onSubscribe(way);
		way.map();
	}

	private static final class Way extends Stages {

		/** Asks one mapping after the other for the handler. */
		private static final int MAPPING = 0;

		/** Waits for the result of the handler. */
		private static final int RESULT = 1;

		/** Waits for the result of whoever answers an error of the two before. */
		private static final int ERROR_RESULT = 2;

		/** Waits for the value of a result. */
		private static final int VALUE = 3;

		/** Writes a result. */
		private static final int WRITING = 4;

		/** Answers an error of writing. */
		private static final int ERROR_WRITING = 5;

		private final Dispatch dispatch;

		private final ServerWebExchange exchange;

		private final Context context;

		private List<HandlerMapping> mappings;

		private int nextMapping;

		private @Nullable HandlerResult result;

		private @Nullable BodyEncoding encoding;

		Way(CoreSubscriber<? super Void> actual, Dispatch dispatch, ServerWebExchange exchange) {
			super(actual);
			this.dispatch = dispatch;
			this.exchange = exchange;
			this.context = actual.currentContext();
			this.mappings = dispatch.mappings;
		}

		void map() {
			if (isCancelled()) {
				return;
			}
			Mono<Object> handler;
			try {
				handler = nextHandler();
			}
			catch (Throwable ex) {
				fail(MAPPING, Operators.onOperatorError(ex, this.context));
				return;
			}
			subscribe(MAPPING, handler, this.context);
		}

		private Mono<Object> nextHandler() {
			while (this.nextMapping < this.mappings.size()) {
				HandlerMapping mapping = this.mappings.get(this.nextMapping++);
				List<HandlerMapping> candidates = (mapping instanceof CandidateMappings some)
						? some.candidates(this.exchange) : null;
				if (candidates != null) {
					this.mappings = candidates;
					this.nextMapping = 0;
				}
				else if (!Dispatch.isEmpty(mapping)) {
					return mapping.getHandler(this.exchange);
				}
			}
			return Mono.error(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
		}

		private void handle(Object handler) {
			Mono<HandlerResult> result;
			try {
				result = this.dispatch.call(this.exchange, handler);
			}
			catch (Throwable ex) {
				this.actual.onError(Operators.onOperatorError(null, ex, handler, this.context));
				return;
			}
			subscribe(RESULT, result, this.context);
		}

		private void write(HandlerResult result) {
			this.result = result;
			Mono<Void> writing = null;
			try {
				this.encoding = this.dispatch.bodies.find(this.exchange, result);
				if (this.encoding != null) {
					this.encoding.announce(this.exchange.getResponse());
				}
				else {
					writing = this.dispatch.write(this.exchange, result);
				}
			}
			catch (Throwable ex) {
				this.actual.onError(Operators.onOperatorError(null, ex, result, this.context));
				return;
			}
			Object value = result.getReturnValue();
			if (writing != null) {
				subscribe(WRITING, writing, this.context);
			}
			else if (value instanceof Mono<?> mono) {
				subscribe(VALUE, releasing(mono), this.context);
			}
			else {
				encode(value);
			}
		}

		/**
		 * Gives buffers back that are dropped on the way, as the writer's own operators
		 * do.
		 */
		private static Mono<?> releasing(Mono<?> value) {
			return (value instanceof ScalarCallable<?>) ? value
					: value.doOnDiscard(DataBuffer.class, DataBufferUtils::release);
		}

		private void encode(@Nullable Object value) {
			if (isCancelled()) {
				return;
			}
			Mono<Void> writing;
			try {
				writing = Objects.requireNonNull(this.encoding)
					.write(this.exchange.getRequest(), this.exchange.getResponse(), value,
							Hints.from(Hints.LOG_PREFIX_HINT, this.exchange.getLogPrefix()), this.context);
			}
			catch (Throwable ex) {
				fail(VALUE, Operators.onOperatorError(null, ex, value, this.context));
				return;
			}
			subscribe(WRITING, writing, this.context);
		}

		@Override
		void proceed(int stage, @Nullable Object value) {
			if (stage == MAPPING) {
				if (value == null) {
					map();
				}
				else {
					handle(value);
				}
			}
			else if (stage == VALUE) {
				encode(value);
			}
			else if (value instanceof HandlerResult written) {
				write(written);
			}
			else {
				this.actual.onComplete();
			}
		}

		@Override
		void fail(int stage, Throwable failure) {
			switch (stage) {
				case MAPPING, RESULT ->
					subscribe(ERROR_RESULT, this.dispatch.answer(this.exchange, failure), this.context);
				case VALUE,
						WRITING ->
					subscribe(ERROR_WRITING,
							this.dispatch.answer(this.exchange, Objects.requireNonNull(this.result), failure),
							this.context);
				default -> this.actual.onError(failure);
			}
		}

	}

}
