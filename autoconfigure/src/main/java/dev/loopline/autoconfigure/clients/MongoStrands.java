package dev.loopline.autoconfigure.clients;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;

import com.mongodb.reactivestreams.client.ClientSession;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoCluster;
import com.mongodb.reactivestreams.client.MongoCollection;
import com.mongodb.reactivestreams.client.MongoDatabase;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.springframework.util.ClassUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import dev.loopline.runtime.Strand;

/**
 * Lets what MongoDB's driver delivers arrive on strands, one for each subscription, of
 * the work that asked: a connection serves others by the time that its answer goes on.
 * Stands before everything of the driver that has publishers. Safe for use by many
 * threads.
 *
 * @param target what does the work
 * @param work knows the runtime
 */
record MongoStrands(Object target, ClientWork work) implements InvocationHandler {

	/**
	 * Returns a client whose subscriptions continue on strands.
	 */
	static MongoClient of(MongoClient client, ClientWork work) {
		return (MongoClient) new MongoStrands(client, work).proxy();
	}

	private Object proxy() {
		Class<?>[] types = Arrays.stream(ClassUtils.getAllInterfaces(this.target))
			.filter((type) -> Modifier.isPublic(type.getModifiers()))
			.toArray(Class<?>[]::new);
		return Proxy.newProxyInstance(this.target.getClass().getClassLoader(), types, this);
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
		Object[] own = (arguments != null) ? Arrays.stream(arguments).map(MongoStrands::unwrap).toArray()
				: new Object[0];
		if (this.target instanceof Publisher<?> publisher && method.getName().equals("subscribe")) {
			subscribe(publisher, (Subscriber<?>) own[0]);
			return null;
		}
		Object result;
		try {
			result = method.invoke(this.target, own);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
		return (result == this.target) ? proxy : wrap(result);
	}

	private static Object unwrap(Object argument) {
		return (argument != null && Proxy.isProxyClass(argument.getClass())
				&& Proxy.getInvocationHandler(argument) instanceof MongoStrands strands) ? strands.target : argument;
	}

	private @Nullable Object wrap(@Nullable Object result) {
		if (result instanceof Mono<?> mono) {
			return told(mono);
		}
		if (result instanceof Flux<?> flux) {
			return told(flux);
		}
		return (result instanceof Publisher || result instanceof MongoCluster || result instanceof MongoDatabase
				|| result instanceof MongoCollection || result instanceof ClientSession)
						? new MongoStrands(result, this.work).proxy() : result;
	}

	@SuppressWarnings("unchecked") // of what the publisher has
	private void subscribe(Publisher<?> publisher, Subscriber<?> subscriber) {
		told(Flux.from(publisher)).subscribe((Subscriber<Object>) subscriber);
	}

	private <T> Mono<Object> told(Mono<T> source) {
		return Mono.defer(() -> {
			Strand strand = this.work.newStrand();
			return ((strand != null) ? ToldOnStrand.mono(source, new StrandTurns(strand)) : source).map(this::wrapped);
		});
	}

	private <T> Flux<Object> told(Flux<T> source) {
		return Flux.defer(() -> {
			Strand strand = this.work.newStrand();
			return ((strand != null) ? ToldOnStrand.flux(source, new StrandTurns(strand)) : source).map(this::wrapped);
		});
	}

	/**
	 * Wraps a session, which arrives as an element.
	 */
	private Object wrapped(Object element) {
		return (element instanceof ClientSession) ? new MongoStrands(element, this.work).proxy() : element;
	}

}
