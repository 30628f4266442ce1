package dev.loopline.autoconfigure.clients;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import io.netty.channel.EventLoopGroup;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpResources;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpResources;

/**
 * The event loops in Reactor Netty's resources of the JVM while there are application
 * contexts with a runtime: clients get those of the first context, servers what they had
 * before, as they may belong to others. Safe for use by many threads.
 */
final class GlobalLoops implements LoopResources {

	private static final List<Supplier<ClientLoops>> contexts = new CopyOnWriteArrayList<>();

	private static final List<GlobalSlot<?>> slots = List.of(
			new GlobalSlot<>(TcpResources.class, "tcp", TcpResources::get, TcpResources::set,
					TcpResources::disposeLoopsAndConnectionsLater),
			new GlobalSlot<>(HttpResources.class, "http", HttpResources::get, HttpResources::set,
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

	@Override
	public EventLoopGroup onClient(boolean useNative) {
		return contexts.stream()
			.findFirst()
			.map((loops) -> loops.get().group())
			.orElseGet(() -> this.before.onClient(useNative));
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
		return this.givenBack ? Mono.empty() : this.before.disposeLater(quietPeriod, timeout);
	}

	/**
	 * Leaves alone what was there before, whoever ends this.
	 */
	void giveBack() {
		this.givenBack = true;
	}

}
