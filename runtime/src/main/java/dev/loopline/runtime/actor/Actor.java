package dev.loopline.runtime.actor;

/**
 * State that only its messages touch: one at a time, in order per sender, on whichever
 * worker is free. Need not be thread-safe.
 *
 * @param <M> the type of the messages
 */
@FunctionalInterface
public interface Actor<M> {

	/**
	 * Handles a message. It must not block; what it throws goes to the supervision.
	 * @param message the message
	 * @param context of this actor
	 * @throws Exception to fail the message
	 */
	void receive(M message, ActorContext<M> context) throws Exception;

	/**
	 * Called before the first message.
	 * @param context of this actor
	 * @throws Exception to stop the actor
	 */
	default void started(ActorContext<M> context) throws Exception {
	}

	/**
	 * Called after the last message, also when another instance takes over.
	 * @throws Exception is logged
	 */
	default void stopped() throws Exception {
	}

}
