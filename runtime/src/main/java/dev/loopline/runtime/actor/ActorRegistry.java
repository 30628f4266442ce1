package dev.loopline.runtime.actor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.JoinHandle;
import dev.loopline.runtime.RuntimeLife;
import dev.loopline.runtime.TaskHooks;
import dev.loopline.runtime.internal.support.Failures;

/**
 * The actors of one life of the runtime that have not stopped, by name. Safe for use by
 * many threads.
 */
final class ActorRegistry implements RuntimeLife.Extension {

	/** Of everything that users should know of their tasks. */
	static final Logger logger = LoggerFactory.getLogger(JoinHandle.class);

	private final RuntimeLife life;

	private final List<ActorHooks> hooks;

	private final boolean decorating;

	private final ConcurrentHashMap<String, ActorRef<?>> actors = new ConcurrentHashMap<>();

	ActorRegistry(RuntimeLife life) {
		this.life = life;
		List<TaskHooks> all = life.runtime().config().taskHooks();
		this.decorating = !all.isEmpty();
		this.hooks = all.stream().filter(ActorHooks.class::isInstance).map(ActorHooks.class::cast).toList();
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

	private void tellHooks(Consumer<ActorHooks> event) {
		for (ActorHooks hook : this.hooks) {
			try {
				event.accept(hook);
			}
			catch (Throwable ex) {
				Failures.warn(logger, ex, "A hook threw an exception: {}", hook);
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

	RuntimeLife life() {
		return this.life;
	}

	/**
	 * Returns whether there are hooks that may decorate a message.
	 */
	boolean isDecorating() {
		return this.decorating;
	}

	/**
	 * Ends what has not stopped.
	 */
	@Override
	public void end() {
		new ArrayList<>(this.actors.values()).forEach((actor) -> Failures.attempt(logger, actor::terminate));
	}

}
