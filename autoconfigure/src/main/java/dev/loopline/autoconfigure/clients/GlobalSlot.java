package dev.loopline.autoconfigure.clients;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Supplier;

import io.netty.resolver.AddressResolverGroup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpResources;

import dev.loopline.autoconfigure.reactor.ContinuingConnections;
import dev.loopline.autoconfigure.reactor.NameResolvers;
import dev.loopline.autoconfigure.reactor.ResolverCache;

/**
 * One of the places where Reactor Netty keeps resources of the JVM. Used under the lock
 * of {@link GlobalLoops}.
 *
 * @param <T> the type of the resources
 */
final class GlobalSlot<T extends TcpResources> {

	/*-
	 * Setting other event loops ends those that were there, which a server of another context may run on. So they
	 * are set aside first, and put back in the end. There is no method for this: the reference is read by reflection,
	 * and if that fails, everything stays as it is.
	 */

	private static final Logger logger = LoggerFactory.getLogger(GlobalLoops.class);

	/** Of Reactor Netty, for each remote address. */
	private static final int MIN_CONNECTIONS = 500;

	private final Class<T> type;

	private final String name;

	private final Supplier<T> get;

	private final BiFunction<Duration, Duration, Mono<Void>> dispose;

	private @Nullable T before;

	private @Nullable GlobalLoops loops;

	GlobalSlot(Class<T> type, String name, Supplier<T> get, BiFunction<Duration, Duration, Mono<Void>> dispose) {
		this.type = type;
		this.name = name;
		this.get = get;
		this.dispose = dispose;
	}

	/**
	 * Sets loops of ours, unless the application has set its own.
	 */
	void take() {
		try {
			T current = this.get.get();
			LoopResources currentLoops = loopsOf(current);
			if (!isDefault(current, currentLoops)) {
				logger.info("Reactor Netty's {} resources of the JVM were set by the application and stay", this.name);
				return;
			}
			GlobalLoops loops = new GlobalLoops(currentLoops);
			T ours = create(loops);
			if (reference().compareAndSet(current, ours)) {
				ResolverCache.serve(ours);
				this.before = current;
				this.loops = loops;
			}
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			logger.info("Clients on Reactor Netty's {} resources of the JVM do not run as strands", this.name, ex);
		}
	}

	boolean has(GlobalLoops loops) {
		return this.loops == loops;
	}

	/** Both are named by Reactor Netty. */
	private boolean isDefault(T resources, LoopResources loops) {
		return loops.toString().startsWith("DefaultLoopResources {prefix=reactor-" + this.name + ",")
				&& this.name.equals(resources.name());
	}

	/**
	 * Puts back what was there before, unless others have set theirs meanwhile.
	 */
	void giveBack() {
		T before = this.before;
		GlobalLoops loops = this.loops;
		this.before = null;
		this.loops = null;
		if (before == null || loops == null) {
			return;
		}
		try {
			T current = reference().get();
			if (current != null && loopsOf(current) == loops) {
				loops.giveBack();
				this.dispose.apply(Duration.ZERO, Duration.ZERO).subscribe();
				reference().compareAndSet(null, loopsOf(before).isDisposed() ? null : before);
				ResolverCache.forget(current);
			}
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex); // it was possible before
		}
	}

	@SuppressWarnings("unchecked")
	private AtomicReference<@Nullable T> reference() throws ReflectiveOperationException {
		return (AtomicReference<@Nullable T>) read(this.type, this.name + "Resources", null);
	}

	/**
	 * Makes resources as Reactor Netty does, with a pool of their own, whose connections
	 * end with their event loops.
	 */
	@SuppressWarnings("unchecked")
	private T create(GlobalLoops loops) throws ReflectiveOperationException {
		Method create = TcpResources.class.getDeclaredMethod("create", TcpResources.class, LoopResources.class,
				ConnectionProvider.class, String.class, BiFunction.class);
		create.setAccessible(true);
		String factory = "ON_" + this.name.toUpperCase(Locale.ROOT) + "_NEW";
		int max = Math.max(ConnectionProvider.DEFAULT_POOL_MAX_CONNECTIONS, MIN_CONNECTIONS);
		ConnectionProvider connections = new ContinuingConnections(ConnectionProvider.create(this.name, max));
		T created = (T) create.invoke(null, null, loops, connections, this.name, read(this.type, factory, null));
		((AtomicReference<AddressResolverGroup<?>>) read(TcpResources.class, "defaultResolver", created))
			.set(NameResolvers.INSTANCE);
		return created;
	}

	private static LoopResources loopsOf(TcpResources resources) throws ReflectiveOperationException {
		return (LoopResources) read(TcpResources.class, "defaultLoops", resources);
	}

	private static Object read(Class<?> type, String name, @Nullable Object owner) throws ReflectiveOperationException {
		Field field = type.getDeclaredField(name);
		field.setAccessible(true);
		return field.get(owner);
	}

}
