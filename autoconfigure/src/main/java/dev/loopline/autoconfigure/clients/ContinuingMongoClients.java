package dev.loopline.autoconfigure.clients;

import java.util.function.Supplier;

import com.mongodb.reactivestreams.client.MongoClient;
import org.springframework.core.NativeDetector;

/**
 * Lets Boot's client of MongoDB continue on strands. One that the application makes stays
 * as it is, and all do in a native image, which cannot make their proxies.
 */
final class ContinuingMongoClients extends OriginalBeans {

	private final BootsBeans boots;

	private final Supplier<ClientWork> work;

	ContinuingMongoClients(BootsBeans boots, Supplier<ClientWork> work) {
		this.boots = boots;
		this.work = work;
	}

	@Override
	boolean isCandidate(Object bean) {
		return bean instanceof MongoClient && !NativeDetector.inNativeImage();
	}

	@Override
	Object replace(Object bean, String name) {
		return this.boots.contain(name) ? MongoStrands.of((MongoClient) bean, this.work.get()) : bean;
	}

}
