package dev.loopline.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import dev.loopline.runtime.internal.support.Failures;

/**
 * The actors that have not stopped, by name. Safe for use by many threads.
 */
final class Actors {

	private final ConcurrentHashMap<String, ActorRef<?>> actors = new ConcurrentHashMap<>();

	private final List<TaskHooks> hooks;

	Actors(List<TaskHooks> hooks) {
		this.hooks = hooks;
	}

	<M> ActorRef<M> add(ActorRef<M> actor) {
		if (this.actors.putIfAbsent(actor.name(), actor) != null) {
			throw new IllegalStateException("There is an actor '%s' already".formatted(actor.name()));
		}
		tellHooks((hook) -> hook.onActorStart(actor));
		try {
			return actor.start();
		}
		catch (RejectedExecutionException ex) {
			actor.terminate();
			throw ex;
		}
	}

	void remove(ActorRef<?> actor) {
		if (this.actors.remove(actor.name(), actor)) {
			tellHooks((hook) -> hook.onActorStop(actor));
		}
	}

	private void tellHooks(Consumer<TaskHooks> event) {
		for (TaskHooks hook : this.hooks) {
			try {
				event.accept(hook);
			}
			catch (Throwable ex) {
				Failures.warn(Tasks.logger, ex, "A hook threw an exception: {}", hook);
			}
		}
	}

	List<ActorSnapshot> snapshot() {
		return this.actors.values()
			.stream()
			.map(ActorRef::snapshot)
			.sorted(Comparator.comparing(ActorSnapshot::name))
			.toList();
	}

	/**
	 * Ends what has not stopped, at the end of the runtime.
	 */
	void close() {
		new ArrayList<>(this.actors.values()).forEach((actor) -> Failures.attempt(Tasks.logger, actor::terminate));
	}

}
