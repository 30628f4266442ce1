package dev.loopline.runtime.actor;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

import dev.loopline.runtime.RuntimeLife;
import dev.loopline.runtime.TaskRuntime;

/**
 * The actors of a {@link TaskRuntime}, in whichever of its lives: an actor ends with the
 * life that it was started in, and its name is free in the next one. Safe for use by many
 * threads.
 */
public final class Actors {

	private final TaskRuntime runtime;

	private Actors(TaskRuntime runtime) {
		this.runtime = runtime;
	}

	/**
	 * Returns the actors of a runtime.
	 * @param runtime the runtime
	 * @return a live view; all views of a runtime are of the same actors
	 */
	public static Actors of(TaskRuntime runtime) {
		return new Actors(Objects.requireNonNull(runtime, "runtime"));
	}

	/**
	 * Starts an actor with the default options.
	 * @param <M> the type of its messages
	 * @param name its name, which no other live actor may have
	 * @param factory makes the actor, again after a failure
	 * @return the reference to the actor
	 * @throws IllegalStateException if there is an actor of this name
	 * @throws RejectedExecutionException if the runtime has ended
	 */
	public <M> ActorRef<M> spawn(String name, Supplier<? extends Actor<M>> factory) {
		return spawn(name, factory, ActorOptions.DEFAULTS);
	}

	/**
	 * Starts an actor.
	 * @param <M> the type of its messages
	 * @param name its name, which no other live actor may have
	 * @param factory makes the actor, again after a failure
	 * @param options how it behaves when it has too much to do or fails
	 * @return the reference to the actor
	 * @throws IllegalStateException if there is an actor of this name
	 * @throws RejectedExecutionException if the runtime has ended
	 */
	public <M> ActorRef<M> spawn(String name, Supplier<? extends Actor<M>> factory, ActorOptions options) {
		Objects.requireNonNull(name, "name");
		Objects.requireNonNull(factory, "factory");
		Objects.requireNonNull(options, "options");
		ActorRegistry registry = registry();
		return registry.add(new ActorRef<>(registry, name, factory, options));
	}

	/**
	 * Lists the actors that have not stopped.
	 * @return a snapshot, ordered by name
	 */
	public List<ActorSnapshot> snapshot() {
		return registry().snapshot();
	}

	private ActorRegistry registry() {
		return RuntimeLife.of(this.runtime).extension(ActorRegistry.class, ActorRegistry::new);
	}

}
