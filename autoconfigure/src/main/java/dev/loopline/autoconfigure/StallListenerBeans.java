package dev.loopline.autoconfigure;

import java.util.Iterator;
import java.util.List;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

import dev.loopline.runtime.stall.StallListener;

/**
 * The listeners among the beans, in order; none before all of them exist. They may well
 * depend on the runtime, which therefore cannot wait for them. Safe for use by many
 * threads.
 */
final class StallListenerBeans implements Iterable<StallListener>, SmartInitializingSingleton {

	private final ObjectProvider<StallListener> provider;

	private volatile List<StallListener> listeners = List.of();

	StallListenerBeans(ObjectProvider<StallListener> provider) {
		this.provider = provider;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.listeners = this.provider.orderedStream().toList();
	}

	@Override
	public Iterator<StallListener> iterator() {
		return this.listeners.iterator();
	}

}
