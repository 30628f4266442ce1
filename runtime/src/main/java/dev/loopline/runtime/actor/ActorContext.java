package dev.loopline.runtime.actor;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.StrandTimer;

/**
 * What an {@link Actor} may ask of its surroundings. Safe for use by many threads.
 *
 * @param <M> the type of the messages
 */
public interface ActorContext<M> {

	/**
	 * Returns the reference to this actor.
	 * @return the reference
	 */
	ActorRef<M> self();

	/**
	 * Sends this actor a message after a delay.
	 * @param message the message
	 * @param delay the delay; what is negative counts as zero
	 * @return the timer, to cancel it
	 */
	StrandTimer tellLater(M message, Duration delay);

	/**
	 * Sends this actor the outcome of a stage.
	 * @param <R> the type of the result
	 * @param stage what to wait for
	 * @param message makes the message of the result or the failure
	 */
	<R> void pipe(CompletionStage<R> stage, BiFunction<@Nullable R, @Nullable Throwable, M> message);

	/**
	 * Sends this actor a message when another one has stopped.
	 * @param <O> the type of the other's messages
	 * @param other the other
	 * @param message makes the message
	 */
	<O> void watch(ActorRef<O> other, Function<ActorRef<O>, M> message);

}
