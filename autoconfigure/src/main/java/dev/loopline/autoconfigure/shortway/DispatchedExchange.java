package dev.loopline.autoconfigure.shortway;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.codec.Hints;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
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

	/**
	 * The key of what {@link Mono#onErrorContinue} asks of the operators before it.
	 */
	private static final String ON_ERROR_CONTINUE = "reactor.onNextError.localStrategy";

	private final Dispatch dispatch;

	private final ServerWebExchange exchange;

	DispatchedExchange(Dispatch dispatch, ServerWebExchange exchange) {
		this.dispatch = dispatch;
		this.exchange = exchange;
	}

	@Override
	public void subscribe(CoreSubscriber<? super Void> actual) {
		if (actual.currentContext().hasKey(ON_ERROR_CONTINUE)) {
			this.dispatch.handleWithOperators(this.exchange).subscribe(actual);
			return;
		}
		Way way = new Way(actual, this.dispatch, this.exchange);
		actual.onSubscribe(way);
		way.map();
	}

	private static final class Way extends Stages {

		private static final AtomicReferenceFieldUpdater<Way, @Nullable DataBuffer> ENCODED = AtomicReferenceFieldUpdater
			.newUpdater(Way.class, DataBuffer.class, "encoded");

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

		/** The value, until whoever writes it or gives it back takes it. */
		@SuppressWarnings("UnusedVariable") // by ENCODED
		private volatile @Nullable DataBuffer encoded;

		/** Who brought the result. */
		private @Nullable Subscription ofResult;

		/** Who brought the value that is written. */
		private @Nullable Subscription ofValue;

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
			else if (value instanceof ScalarCallable<?> && value instanceof Mono<?> mono) {
				subscribe(VALUE, mono, this.context);
			}
			else if (value instanceof Mono<?> mono) {
				// Gives buffers back that are dropped, as the writer's own operators do
				subscribe(mono.doOnDiscard(DataBuffer.class, DataBufferUtils::release), new ValueStage(this));
			}
			else {
				writeValue(value);
			}
		}

		private DataBuffer encode(Object value) {
			return Objects.requireNonNull(this.encoding)
				.encode(this.exchange.getRequest(), this.exchange.getResponse(), value,
						Hints.from(Hints.LOG_PREFIX_HINT, this.exchange.getLogPrefix()));
		}

		private void writeValue(@Nullable Object value) {
			if (isCancelled()) {
				return;
			}
			ServerHttpResponse response = this.exchange.getResponse();
			Mono<Void> writing;
			try {
				writing = (value != null) ? BodyEncoding.send(response, encode(value)) : BodyEncoding.end(response);
			}
			catch (Throwable ex) {
				fail(VALUE, Operators.onOperatorError(null, ex, value, this.context));
				return;
			}
			subscribe(WRITING, writing, this.context);
		}

		/**
		 * Keeps a value until its publisher has completed.
		 */
		private void keep(DataBuffer buffer) {
			this.encoded = buffer;
			if (isCancelled()) {
				giveBack();
			}
		}

		private void writeKept() {
			DataBuffer buffer = ENCODED.getAndSet(this, null);
			if (buffer == null) {
				return; // cancelled
			}
			this.ofValue = current();
			Mono<Void> writing;
			try {
				writing = BodyEncoding.send(this.exchange.getResponse(), buffer);
			}
			catch (Throwable ex) {
				fail(VALUE, Operators.onOperatorError(null, ex, buffer, this.context));
				return;
			}
			subscribe(WRITING, writing, this.context);
		}

		private void giveBack() {
			DataBuffer buffer = ENCODED.getAndSet(this, null);
			if (buffer != null) {
				DataBufferUtils.release(buffer);
			}
		}

		@Override
		void proceed(int stage, @Nullable Object value) {
			if (stage == MAPPING) {
				if (value == null) {
					map();
				}
				else {
					cancelStage();
					handle(value);
				}
			}
			else if (stage == VALUE) {
				writeValue(value);
			}
			else if (value instanceof HandlerResult written) {
				this.ofResult = current();
				write(written);
			}
			else {
				this.actual.onComplete();
			}
		}

		/**
		 * Where Spring's way calls such a publisher, too, a fatal error is thrown.
		 */
		@Override
		Throwable errorOf(int stage, Throwable thrown) {
			boolean called = stage == MAPPING
					|| (stage == VALUE && Objects.requireNonNull(this.encoding).callsPublishers());
			return called ? Operators.onOperatorError(thrown, this.context) : super.errorOf(stage, thrown);
		}

		@Override
		void fail(int stage, Throwable failure) {
			switch (stage) {
				case MAPPING, RESULT ->
					subscribe(ERROR_RESULT, this.dispatch.answer(this.exchange, failure), this.context);
				case VALUE, WRITING -> {
					this.ofValue = null;
					subscribe(ERROR_WRITING,
							this.dispatch.answer(this.exchange, Objects.requireNonNull(this.result), failure),
							this.context);
				}
				default -> this.actual.onError(failure);
			}
		}

		@Override
		public void cancel() {
			super.cancel();
			giveBack();
		}

		/**
		 * As Reactor's {@code flatMap} cancels its source, too.
		 */
		@Override
		void cancelEnded(@Nullable Subscription last) {
			Subscription result = this.ofResult;
			if (result != null && result != last) {
				result.cancel();
			}
			Subscription value = this.ofValue;
			if (value != null && value != last) {
				value.cancel();
			}
		}

	}

	/**
	 * Encodes a value when it comes, and writes it when its publisher has completed and
	 * had no other, as Reactor's {@code map} and {@code singleOrEmpty} do.
	 */
	private static final class ValueStage extends Stages.Stage {

		private final Way way;

		private boolean hasValue;

		ValueStage(Way way) {
			super(way, Way.VALUE, way.context);
			this.way = way;
		}

		@Override
		public void onNext(Object value) {
			if (this.done) {
				super.onNext(value);
			}
			else if (this.hasValue) {
				stop(new IndexOutOfBoundsException("Source emitted more than one item"));
			}
			else {
				this.hasValue = true;
				DataBuffer buffer;
				try {
					buffer = this.way.encode(value);
				}
				catch (Throwable ex) {
					stop(Operators.onOperatorError(null, ex, value, this.context));
					return;
				}
				this.way.keep(buffer);
			}
		}

		private void stop(Throwable failure) {
			this.way.cancelStage();
			onError(failure);
		}

		@Override
		public void onError(Throwable failure) {
			this.way.giveBack();
			super.onError(failure);
		}

		@Override
		public void onComplete() {
			if (!this.done && this.hasValue) {
				this.done = true;
				this.way.writeKept();
			}
			else {
				super.onComplete();
			}
		}

	}

}
