package dev.loopline.autoconfigure.web;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;

/**
 * A {@link Mono} after which its strand forgets the request, which must not stay in
 * memory while the connection waits for the next one. What {@code doFinally} does, for a
 * third of its cost. What is fatal to a JVM, which Reactor throws through all of its
 * operators, becomes an error like any other: the server answers those.
 */
final class ContextReleasingMono extends MonoOperator<Void, Void> {

	private static final Logger logger = LoggerFactory.getLogger(ContextReleasingMono.class);

	private final RequestContext context;

	ContextReleasingMono(Mono<Void> source, RequestContext context) {
		super(source);
		this.context = context;
	}

	@Override
	public void subscribe(CoreSubscriber<? super Void> actual) {
		Releaser releaser = new Releaser(actual, this.context);
		try {
			this.source.subscribe(releaser);
		}
		catch (Throwable ex) {
			releaser.fail(ex);
		}
	}

	private static final class Releaser extends EndSubscriber {

		private final RequestContext context;

		Releaser(CoreSubscriber<? super Void> actual, RequestContext context) {
			super(actual);
			this.context = context;
		}

		/**
		 * Tells the server what was thrown where nobody else catches it.
		 */
		void fail(Throwable ex) {
			logger.error("{} failed", this.context, ex);
			super.cancel();
			onError(ex);
		}

		@Override
		public void onError(Throwable ex) {
			this.context.release(false);
			this.actual.onError(ex);
		}

		@Override
		public void onComplete() {
			this.context.release(false);
			this.actual.onComplete();
		}

		@Override
		public void cancel() {
			this.context.release(true);
			super.cancel();
		}

	}

}
