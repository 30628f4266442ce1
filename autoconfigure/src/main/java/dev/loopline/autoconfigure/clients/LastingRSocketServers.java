package dev.loopline.autoconfigure.clients;

import java.lang.reflect.Method;
import java.util.function.Supplier;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.rsocket.netty.NettyRSocketServerFactory;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

/**
 * Lets Boot's RSocket server, which is made once, have the event loops of the runtime's
 * current life when its context is started again. One that the application makes stays as
 * it is.
 */
final class LastingRSocketServers implements BeanPostProcessor {

	private static final String BOOTS = "org.springframework.boot.rsocket.autoconfigure";

	private final ConfigurableListableBeanFactory beans;

	private final Supplier<? extends LoopResources> loops;

	LastingRSocketServers(ConfigurableListableBeanFactory beans, Supplier<? extends LoopResources> loops) {
		this.beans = beans;
		this.loops = loops;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof NettyRSocketServerFactory factory && isBoots(beanName)) {
			factory.setResourceFactory(new Resources(this.loops.get()));
		}
		return bean;
	}

	private boolean isBoots(String beanName) {
		BeanDefinition definition = this.beans.containsBeanDefinition(beanName)
				? this.beans.getMergedBeanDefinition(beanName) : null;
		Method factory = (definition instanceof RootBeanDefinition root) ? root.getResolvedFactoryMethod() : null;
		return factory != null && factory.getDeclaringClass().getPackageName().equals(BOOTS);
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
