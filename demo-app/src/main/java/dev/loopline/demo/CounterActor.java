package dev.loopline.demo;

import java.util.concurrent.CompletableFuture;

import dev.loopline.runtime.actor.Actor;
import dev.loopline.runtime.actor.ActorContext;

/**
 * Counts. Needs no lock: it handles one message at a time.
 */
class CounterActor implements Actor<CounterActor.Add> {

	private long total;

	@Override
	public void receive(Add message, ActorContext<Add> context) {
		this.total += message.amount();
		message.answer().complete(this.total);
	}

	/**
	 * Asks to add something.
	 *
	 * @param amount what to add
	 * @param answer takes the new total
	 */
	record Add(long amount, CompletableFuture<Long> answer) {
	}

}
