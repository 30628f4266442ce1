package dev.loopline.runtime.actor;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.JoinHandle;
import dev.loopline.runtime.TaskHooks;
import dev.loopline.runtime.TaskObserver;

/**
 * Hooks that are told of actors, too. They are given to the configuration of the runtime
 * like all others. Called by many threads.
 */
public interface ActorHooks extends TaskHooks {

	@Override
	default @Nullable TaskObserver onSpawn(JoinHandle<?> task) {
		return null;
	}

	/**
	 * Called before an actor starts.
	 * @param actor the actor
	 */
	default void onActorStart(ActorRef<?> actor) {
	}

	/**
	 * Called when an actor has stopped.
	 * @param actor the actor
	 */
	default void onActorStop(ActorRef<?> actor) {
	}

}
