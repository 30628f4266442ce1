package dev.loopline.autoconfigure.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

import dev.loopline.runtime.Strand;

/**
 * Decides who answers a request: its handler, or whoever has lost patience with it. Whose
 * answer begins first wins, and what the other writes is dropped. Safe for use by many
 * threads.
 */
public final class AnswerGate {

	/** The attribute of a request that has one. */
	public static final String ATTRIBUTE = "dev.loopline.web.answer-gate";

	/** So many of a handler's strands are looked at; whoever has more makes many. */
	private static final int MAX_PARTS = 16;

	private final boolean ownStrand;

	private final BooleanSupplier tooLate;

	private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

	private volatile @Nullable StrandExchange exchange;

	/** What the handler went on with beside its strand. */
	@GuardedBy("this")
	private final List<Strand> parts = new ArrayList<>(0);

	/** Those without a strand that the handler keeps. */
	@GuardedBy("this")
	private int threads;

	/** For these threads. */
	@GuardedBy("this")
	private final List<Runnable> waiting = new ArrayList<>(0);

	/**
	 * Opens a gate.
	 * @param ownStrand whether the handler must not run where its connection does, which
	 * could write no other answer while the handler keeps the thread
	 */
	public AnswerGate(boolean ownStrand) {
		this(ownStrand, () -> false);
	}

	/**
	 * Opens a gate through which nobody goes who comes too late.
	 * @param ownStrand whether the handler must not run where its connection does
	 * @param tooLate asked before the handler is started; if so it is not, and whoever
	 * opened the gate answers
	 */
	public AnswerGate(boolean ownStrand, BooleanSupplier tooLate) {
		this.ownStrand = ownStrand;
		this.tooLate = tooLate;
	}

	/**
	 * Returns the gate of a request.
	 * @param request the request
	 * @return its gate, if it has one
	 */
	public static @Nullable AnswerGate of(ServerHttpRequest request) {
		Map<String, Object> attributes = request.getAttributes();
		return (attributes.get(ATTRIBUTE) instanceof AnswerGate gate) ? gate : null;
	}

	boolean isForOwnStrand() {
		return this.ownStrand;
	}

	void attach(StrandExchange exchange) {
		this.exchange = exchange;
	}

	/**
	 * Remembers a strand that the handler goes on with, as a scheduler is in between.
	 */
	synchronized void goesOnWith(Strand part) {
		if (this.parts.size() == MAX_PARTS) {
			this.parts.removeIf(Strand::isIdle);
		}
		if (this.parts.size() < MAX_PARTS) {
			this.parts.add(part);
		}
	}

	/**
	 * Remembers that a thread which runs no strand works for the handler.
	 * @return to be run when it does not any more
	 */
	synchronized Runnable enter() {
		this.threads++;
		return this::leave;
	}

	private void leave() {
		List<Runnable> free;
		synchronized (this) {
			this.threads--;
			if (this.threads > 0 || this.waiting.isEmpty()) {
				return;
			}
			free = List.copyOf(this.waiting);
			this.waiting.clear();
		}
		free.forEach(this::afterHandler);
	}

	private synchronized boolean waits(Runnable task) {
		return this.threads > 0 && this.waiting.add(task);
	}

	/**
	 * Begins the answer of the handler.
	 * @return {@code false} if there is another one
	 */
	boolean begin() {
		return this.state.compareAndSet(State.OPEN, State.BEGUN) || this.state.get() == State.BEGUN;
	}

	/**
	 * Keeps the handler from answering.
	 * @return {@code false} if its answer has begun
	 */
	public boolean close() {
		return this.state.compareAndSet(State.OPEN, State.CLOSED);
	}

	boolean isTooLate() {
		return this.tooLate.getAsBoolean();
	}

	boolean isClosed() {
		return this.state.get() == State.CLOSED;
	}

	/**
	 * Runs something once the handler keeps no thread any more: at once unless it does.
	 * @param task must not throw
	 */
	public void afterHandler(Runnable task) {
		if (waits(task)) {
			return;
		}
		for (Strand part : parts()) {
			if (!part.isIdle() && !part.isCurrent() && execute(part, () -> afterHandler(task))) {
				return;
			}
		}
		StrandExchange exchange = this.exchange;
		if (exchange == null || !exchange.isBusy() || !exchange.execute(task)) {
			task.run();
		}
	}

	private synchronized List<Strand> parts() {
		return List.copyOf(this.parts);
	}

	private static boolean execute(Strand part, Runnable task) {
		try {
			part.execute(task);
			return true;
		}
		catch (RejectedExecutionException ex) {
			return false; // the runtime has ended
		}
	}

	private enum State {

		OPEN, BEGUN, CLOSED

	}

}
