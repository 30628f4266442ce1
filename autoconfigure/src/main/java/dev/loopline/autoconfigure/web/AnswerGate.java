package dev.loopline.autoconfigure.web;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Decides who answers a request: its handler, or whoever has lost patience with it. Whose
 * answer begins first wins, and what the other writes is dropped. Safe for use by many
 * threads.
 */
public final class AnswerGate {

	/** The attribute of a request that has one. */
	public static final String ATTRIBUTE = "dev.loopline.web.answer-gate";

	private final boolean ownStrand;

	private final BooleanSupplier tooLate;

	private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

	private volatile @Nullable StrandExchange exchange;

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
		StrandExchange exchange = this.exchange;
		if (exchange == null || !exchange.isBusy() || !exchange.execute(task)) {
			task.run();
		}
	}

	private enum State {

		OPEN, BEGUN, CLOSED

	}

}
