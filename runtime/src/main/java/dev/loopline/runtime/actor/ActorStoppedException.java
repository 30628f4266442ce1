package dev.loopline.runtime.actor;

/**
 * Says that an actor had stopped before it could handle a message.
 */
public final class ActorStoppedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	ActorStoppedException(String actor) {
		super("Actor '%s' has stopped".formatted(actor), null, false, false);
	}

}
