package dev.loopline.autoconfigure.clients;

import java.time.Duration;

import io.netty.channel.EventLoopGroup;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * The event loops of an application context, for clients: always those of the runtime's
 * current life, and no client can end them. Safe for use by many threads.
 */
final class ClientLoops implements LoopResources {

	private final ReactorResourceFactory factory;

	ClientLoops(ReactorResourceFactory factory) {
		this.factory = factory;
	}

	/**
	 * Returns the group that makes the loops.
	 * @return the group of now: another one when the context was stopped and started
	 * @throws IllegalStateException if the context has been stopped
	 */
	EventLoopGroup group() {
		return this.factory.getLoopResources().onClient(true);
	}

	@Override
	public EventLoopGroup onServer(boolean useNative) {
		return group();
	}

	@Override
	public boolean daemon() {
		return true;
	}

	@Override
	public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
		return Mono.empty();
	}

}
