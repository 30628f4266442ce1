package dev.loopline.autoconfigure.clients;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeansException;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpResources;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpResources;

import dev.loopline.autoconfigure.reactor.DomainSockets;

/**
 * The event loops in Reactor Netty's resources of the JVM while there are application
 * contexts with a runtime: clients get those of the first context, servers what they had
 * before, as they may belong to others. Safe for use by many threads.
 */
final class GlobalLoops implements LoopResources {

	private static final Logger logger = LoggerFactory.getLogger(GlobalLoops.class);

	private static final List<Supplier<ClientLoops>> contexts = new CopyOnWriteArrayList<>();

	private static final List<GlobalSlot<?>> slots = List.of(
			new GlobalSlot<>(TcpResources.class, "tcp", TcpResources::get,
					TcpResources::disposeLoopsAndConnectionsLater),
			new GlobalSlot<>(HttpResources.class, "http", HttpResources::get,
					HttpResources::disposeLoopsAndConnectionsLater));

	/** What was there before, and is again when the last context has ended. */
	private final LoopResources before;

	private volatile boolean givenBack;

	GlobalLoops(LoopResources before) {
		this.before = before;
	}

	static synchronized void install(Supplier<ClientLoops> loops) {
		contexts.add(loops);
		if (contexts.size() == 1) {
			slots.forEach(GlobalSlot::take);
		}
	}

	static synchronized void remove(Supplier<ClientLoops> loops) {
		contexts.remove(loops);
		if (contexts.isEmpty()) {
			slots.forEach(GlobalSlot::giveBack);
		}
	}

	/**
	 * Takes the place again of resources that somebody has ended while there are
	 * contexts: another one, without a runtime, that ended.
	 */
	private static synchronized void takeAgain(GlobalLoops ended) {
		if (!contexts.isEmpty()) {
			slots.stream().filter((slot) -> slot.has(ended)).forEach(GlobalSlot::take);
		}
	}

	@Override
	public EventLoopGroup onClient(boolean useNative) {
		for (Supplier<ClientLoops> context : contexts) {
			try {
				return context.get().group();
			}
			catch (BeansException | IllegalStateException ex) {
				logger.debug("An application context has no event loops (any more)", ex);
			}
		}
		return this.before.onClient(useNative);
	}

	@Override
	public EventLoopGroup onServer(boolean useNative) {
		return this.before.onServer(useNative);
	}

	@Override
	public EventLoopGroup onServerSelect(boolean useNative) {
		return this.before.onServerSelect(useNative);
	}

	@Override
	public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup group) {
		return DomainSockets.prepare(LoopResources.super.onChannel(type, group));
	}

	@Override
	public boolean daemon() {
		return this.before.daemon();
	}

	@Override
	public boolean isDisposed() {
		return this.before.isDisposed();
	}

	/** Whoever ends the resources of the JVM means what was there before. */
	@Override
	public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
		if (this.givenBack) {
			return Mono.empty();
		}
		giveBack();
		takeAgain(this);
		return this.before.disposeLater(quietPeriod, timeout);
	}

	/**
	 * Leaves alone what was there before, whoever ends this.
	 */
	void giveBack() {
		this.givenBack = true;
	}

}
