package dev.loopline.autoconfigure.clients;

import java.util.function.Supplier;

import com.mongodb.reactivestreams.client.MongoClient;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.NativeDetector;

/**
 * Lets Boot's client of MongoDB continue on strands. One that the application makes stays
 * as it is, and all do in a native image, which cannot make their proxies.
 */
final class ContinuingMongoClients implements BeanPostProcessor {

	private final BootsBeans boots;

	private final Supplier<ClientWork> work;

	ContinuingMongoClients(BootsBeans boots, Supplier<ClientWork> work) {
		this.boots = boots;
		this.work = work;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (!(bean instanceof MongoClient client) || !this.boots.contain(beanName) || NativeDetector.inNativeImage()) {
			return bean;
		}
		return MongoStrands.of(client, this.work.get());
	}

}
