package dev.loopline.autoconfigure.clients;

import java.util.function.Supplier;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.rsocket.netty.NettyRSocketServerFactory;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

/**
 * Lets Boot's RSocket server, which is made once, have the event loops of the runtime's
 * current life when its context is started again. One that the application makes stays as
 * it is.
 */
final class LastingRSocketServers implements BeanPostProcessor {

	private final BootsBeans boots;

	private final Supplier<? extends LoopResources> loops;

	LastingRSocketServers(BootsBeans boots, Supplier<? extends LoopResources> loops) {
		this.boots = boots;
		this.loops = loops;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof NettyRSocketServerFactory factory && this.boots.contain(beanName)) {
			factory.setResourceFactory(new Resources(this.loops.get()));
		}
		return bean;
	}

	/**
	 * What a server asks for event loops, once.
	 */
	private static final class Resources extends ReactorResourceFactory {

		private final LoopResources loops;

		Resources(LoopResources loops) {
			this.loops = loops;
		}

		@Override
		public LoopResources getLoopResources() {
			return this.loops;
		}

	}

}
