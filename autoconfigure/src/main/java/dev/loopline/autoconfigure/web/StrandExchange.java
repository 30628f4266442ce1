package dev.loopline.autoconfigure.web;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;

/**
 * One request that is handled on a strand of its own, from the moment that its connection
 * hands it over. To the server it is the subscription to the handling. Safe for use by
 * many threads.
 */
final class StrandExchange implements CoreSubscriber<Void>, Subscription {

	/*-
	 * Four signals run code of the application and must reach the request's strand: the start, the parts of the
	 * request's body (BodyOnStrand), the demand for parts of the response's body (DemandOnStrand), and the end of
	 * the writing (EndOnStrand). Whatever is written goes back to the connection's strand, as Netty does that for
	 * every write from another thread.
	 *
	 * Cancellation comes on the strand, too, behind what runs there, as it does behind a busy event loop: what a
	 * handler is about to pass on is lost if it is cancelled meanwhile (Spring's writers do not expect that).
	 *
	 * Whatever one of these signals throws ends the exchange. Reactor throws what is fatal to a JVM through all
	 * of its operators, up to the server, which closes the connection; a strand that only logged it would leave
	 * the client waiting.
	 */

	/**
	 * A client that has shut down its side of the connection and was not served for so
	 * long is taken for one that has left.
	 */
	private static final long ABANDONED_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final Logger logger = LoggerFactory.getLogger(StrandExchange.class);

	private static final AtomicIntegerFieldUpdater<StrandExchange> ENDED = AtomicIntegerFieldUpdater
		.newUpdater(StrandExchange.class, "ended");

	private final RequestStrand own;

	private final HttpHandler handler;

	private final ServerHttpRequest request;

	private final ServerHttpResponse response;

	private final CoreSubscriber<? super Void> server;

	private final @Nullable AnswerGate gate;

	private volatile int ended;

	private volatile @Nullable Subscription handling;

	/** When the connection had it. Written before it is handed over. */
	private long arrivalNanos;

	private volatile boolean handedOver;

	/** For a thread beside the workers. Written before it is handed over. */
	private @Nullable LineWait wait;

	/** Whether it was answered in place of its handler. */
	private volatile boolean refused;

	/** Whether the response is complete and the handler is about to be told so. */
	private volatile boolean written;

	/** The thread that starts the handling. */
	@GuardedBy("this")
	private @Nullable Thread starter;

	@GuardedBy("this")
	private boolean interrupted;

	/** The request's body once it was subscribed to. */
	private volatile BodyOnStrand.@Nullable Parts body;

	StrandExchange(RequestStrand own, HttpHandler handler, ServerHttpRequest request, ServerHttpResponse response,
			CoreSubscriber<? super Void> server) {
		this.own = own;
		this.handler = handler;
		this.request = request;
		this.response = response;
		this.server = server;
		this.gate = AnswerGate.of(request);
		if (this.gate != null) {
			this.gate.attach(this);
		}
	}

	/**
	 * Returns whether somebody else may answer while the handler does, too.
	 */
	boolean mayBeAnsweredFor() {
		return this.gate != null && this.gate.isForOwnStrand();
	}

	@Nullable AnswerGate gate() {
		return this.gate;
	}

	boolean isAnsweredFor() {
		return this.gate != null && this.gate.isClosed();
	}

	/**
	 * Returns whether nobody else has answered, nor will.
	 */
	boolean beginAnswer() {
		return this.gate == null || this.gate.begin();
	}

	Strand strand() {
		return this.own.strand();
	}

	/*
	 * --------------- On the strand ---------------
	 */

	/**
	 * Hands the request over to the strand as soon as it is its turn. Only for the strand
	 * of the connection.
	 */
	void begin() {
		this.arrivalNanos = nanos();
		ConnectionExchanges siblings = this.own.siblings();
		siblings.add(this);
		if (this.own.inOrder()) {
			siblings.whenIdle(this::handOver);
		}
		else {
			handOver();
		}
	}

	private void handOver() {
		this.handedOver = true;
		RouteLine line = this.own.line();
		if (line != null && !waitIn(line)) {
			refuse(line);
		}
		else if (!run(this::start)) {
			onError(runtimeHasEnded());
		}
	}

	private boolean waitIn(RouteLine line) {
		if (!line.enter(strand())) {
			return false;
		}
		LineWait wait = new LineWait(line);
		this.wait = wait;
		wait.limit(this.own.channel(), () -> refuse(line));
		return true;
	}

	/**
	 * Answers a request that has not begun and never will. Only for the strand of the
	 * connection.
	 */
	private void refuse(RouteLine line) {
		this.refused = true;
		StrandInstrumentation.withdraw(strand());
		if (!beginAnswer()) {
			return; // somebody else answers, and cancels this
		}
		line.refuse(this.request, this.response).subscribe(this);
	}

	/**
	 * Returns whether the request waits no more for a thread, and nobody else has seen to
	 * that.
	 */
	private boolean endWait() {
		LineWait wait = this.wait;
		return wait != null && wait.end();
	}

	boolean isHandedOver() {
		return this.handedOver;
	}

	private void start() {
		if (this.wait != null && !endWait()) {
			return; // it was refused, or its client has left
		}
		if (this.ended != 0 || isAbandoned() || this.gate != null && this.gate.isTooLate()) {
			return;
		}
		setStarter(Thread.currentThread());
		try {
			this.handler.handle(new StrandHttpRequest(this.request, this), StrandHttpResponse.of(this.response, this))
				.subscribe(this);
		}
		finally {
			setStarter(null);
		}
	}

	private boolean isAbandoned() {
		return this.own.siblings().isInputShutDown() && nanos() - this.arrivalNanos >= ABANDONED_NANOS;
	}

	private long nanos() {
		return strand().runtime().config().ticker().nanos();
	}

	/**
	 * Returns whether something of the application runs now, or is about to.
	 */
	boolean isBusy() {
		return !strand().isIdle();
	}

	/**
	 * Runs a signal on the strand: at once if the caller runs it. What it throws ends the
	 * exchange.
	 * @return {@code false} if the runtime has ended
	 */
	boolean run(Runnable signal) {
		if (strand().isCurrent()) {
			runHere(signal);
			return true;
		}
		Runnable task = Schedulers.onSchedule(signal);
		return this.own.execute(() -> runHere(task));
	}

	/**
	 * Tells the handler on the strand how the writing of the response has ended.
	 */
	void tellWritten(Runnable signal) {
		this.written = true;
		if (!run(signal)) {
			signal.run();
		}
	}

	/**
	 * Runs something of ours behind what the strand runs now.
	 * @return {@code false} if the runtime has ended
	 */
	boolean execute(Runnable task) {
		return this.own.execute(task);
	}

	private void runHere(Runnable signal) {
		try {
			signal.run();
		}
		catch (Throwable ex) {
			fail(ex);
		}
	}

	/**
	 * Ends the exchange at once for what code of the application has thrown where nobody
	 * else catches it.
	 */
	void fail(Throwable ex) {
		logger.error("{} failed", this.own, ex);
		if (end()) {
			cancelHandling();
			if (this.response.isCommitted()) {
				this.own.reset();
			}
			this.server.onError(ex);
			leave(false);
		}
	}

	static RejectedExecutionException runtimeHasEnded() {
		return new RejectedExecutionException("The runtime has ended");
	}

	private boolean end() {
		return ENDED.compareAndSet(this, 0, 1);
	}

	/**
	 * Takes this off the lists, behind what still runs.
	 * @param cancelled whether the handler did not get to its end
	 */
	private void leave(boolean cancelled) {
		this.own.end(cancelled);
		// Who was answered in place of a handler that keeps its thread does not wait for
		// that
		if (isAnsweredFor() || !isBusy() || !this.own.execute(() -> this.own.siblings().remove(this))) {
			this.own.siblings().remove(this);
		}
	}

	/*
	 * --------------- From the handler ---------------
	 */

	@Override
	public Context currentContext() {
		return this.server.currentContext();
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		if (Operators.validate(this.handling, subscription)) {
			this.handling = subscription;
			subscription.request(Long.MAX_VALUE);
			if (this.ended != 0) {
				subscription.cancel();
			}
		}
	}

	@Override
	public void onNext(Void nothing) {
		// There is none.
	}

	@Override
	public void onError(Throwable ex) {
		if (end()) {
			this.server.onError(ex);
			leave(this.refused);
		}
		else {
			Operators.onErrorDropped(ex, currentContext());
		}
	}

	@Override
	public void onComplete() {
		if (end()) {
			this.server.onComplete();
			leave(this.refused);
		}
	}

	/*
	 * --------------- From the server ---------------
	 */

	@Override
	public void request(long n) {
		// Nothing but the end is to come.
	}

	/**
	 * Once a response is complete, or the body of a request has failed, the server tells
	 * the handler so, gives it the time of one task to end, and then cancels it: enough
	 * for one that it calls itself. So that must come to the strand in the same order.
	 */
	@Override
	public void cancel() {
		if (!end()) {
			return;
		}
		if (endWait()) {
			StrandInstrumentation.withdraw(strand());
		}
		boolean written = this.written;
		if ((written || isBodyFailing()) && execute(this::cancelHandling)) {
			leave(!written);
			return;
		}
		if (!run(this::cancelHandling)) {
			cancelHandling();
		}
		interruptWaitForBody();
		leave(true);
	}

	private void cancelHandling() {
		Subscription handling = this.handling;
		if (handling != null) {
			handling.cancel();
		}
	}

	/*
	 * --------------- Handlers that wait for the body ---------------
	 */

	void reading(BodyOnStrand.Parts body) {
		this.body = body;
	}

	/**
	 * Returns whether the handler must not wait: the rest of the request's body needs the
	 * strand that would wait for it.
	 */
	boolean isWaitInVain() {
		BodyOnStrand.Parts body = this.body;
		return body != null && body.isExpected();
	}

	private boolean isBodyFailing() {
		BodyOnStrand.Parts body = this.body;
		return body != null && body.isFailing();
	}

	/**
	 * Called when the client will say nothing more, be it in the middle of a body.
	 */
	void inputEnded() {
		BodyOnStrand.Parts body = this.body;
		if (body != null && !body.isDone()) {
			interruptWaitForBody();
		}
	}

	/**
	 * Frees the thread of a handler that waits for what can no longer come.
	 */
	void interruptWaitForBody() {
		if (isWaitInVain()) {
			synchronized (this) {
				if (this.starter != null && this.starter != Thread.currentThread()) {
					this.interrupted = true;
					this.starter.interrupt();
				}
			}
		}
	}

	private synchronized void setStarter(@Nullable Thread thread) {
		this.starter = thread;
		if (thread == null && this.interrupted) {
			Thread.interrupted(); // meant for the handler alone
		}
	}

}
