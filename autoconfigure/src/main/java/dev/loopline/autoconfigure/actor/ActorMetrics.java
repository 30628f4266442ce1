package dev.loopline.autoconfigure.actor;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import dev.loopline.runtime.actor.ActorHooks;
import dev.loopline.runtime.actor.ActorRef;

/**
 * Publishes the mailbox depth and the counters of each actor for as long as it lives.
 * Safe for use by many threads.
 */
final class ActorMetrics implements ActorHooks, MeterBinder {

	private static final List<String> COUNTERS = List.of("loopline.actor.messages", "loopline.actor.failures",
			"loopline.actor.dropped");

	private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

	private final Set<ActorRef<?>> actors = ConcurrentHashMap.newKeySet();

	@Override
	public synchronized void bindTo(MeterRegistry registry) {
		this.registries.add(registry);
		this.actors.forEach((actor) -> register(actor, registry));
	}

	@Override
	public synchronized void onActorStart(ActorRef<?> actor) {
		this.actors.add(actor);
		this.registries.forEach((registry) -> register(actor, registry));
	}

	@Override
	public synchronized void onActorStop(ActorRef<?> actor) {
		this.actors.remove(actor);
		for (MeterRegistry registry : this.registries) {
			registry.find("loopline.actor.mailbox.depth").tag("actor", actor.name()).meters().forEach(registry::remove);
			for (String counter : COUNTERS) {
				registry.find(counter).tag("actor", actor.name()).meters().forEach(registry::remove);
			}
		}
	}

	private static void register(ActorRef<?> actor, MeterRegistry registry) {
		Gauge.builder("loopline.actor.mailbox.depth", actor, (a) -> a.snapshot().mailboxDepth())
			.description("Messages that wait for the actor")
			.tag("actor", actor.name())
			.register(registry);
		FunctionCounter.builder("loopline.actor.messages", actor, (a) -> a.snapshot().handled())
			.description("Messages that the actor has handled")
			.tag("actor", actor.name())
			.register(registry);
		FunctionCounter.builder("loopline.actor.failures", actor, (a) -> a.snapshot().failures())
			.description("Messages that the actor failed to handle")
			.tag("actor", actor.name())
			.register(registry);
		FunctionCounter.builder("loopline.actor.dropped", actor, (a) -> a.snapshot().dropped())
			.description("Messages that found the mailbox of the actor full and were dropped")
			.tag("actor", actor.name())
			.register(registry);
	}

}
