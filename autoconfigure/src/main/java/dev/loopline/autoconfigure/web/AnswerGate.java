package dev.loopline.autoconfigure.web;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

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

	private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

	private volatile @Nullable StrandExchange exchange;

	/**
	 * Opens a gate.
	 * @param ownStrand whether the handler must not run where its connection does, which
	 * could write no other answer while the handler keeps the thread
	 */
	public AnswerGate(boolean ownStrand) {
		this.ownStrand = ownStrand;
	}

	static @Nullable AnswerGate of(ServerHttpRequest request) {
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
