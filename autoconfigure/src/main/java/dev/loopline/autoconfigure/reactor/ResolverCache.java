package dev.loopline.autoconfigure.reactor;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.Objects;

import io.netty.resolver.dns.DnsAddressResolverGroup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.resources.LoopResources;
import reactor.netty.transport.ClientTransportConfig;

/**
 * Where Reactor Netty keeps, for the whole JVM and for ever, what finds the addresses of
 * names for clients that run on certain event loops: with these it would keep the
 * application context. There is no method for this: the cache is read by reflection, and
 * if that fails, it stays as it is. Safe for use by many threads.
 */
public final class ResolverCache {

	private static final Logger logger = LoggerFactory.getLogger(ResolverCache.class);

	private static final @Nullable ResolverCache INSTANCE = find();

	private final Map<Integer, DnsAddressResolverGroup> resolvers;

	private final Object provider;

	private ResolverCache(Map<Integer, DnsAddressResolverGroup> resolvers, Object provider) {
		this.resolvers = resolvers;
		this.provider = provider;
	}

	@SuppressWarnings("unchecked")
	private static @Nullable ResolverCache find() {
		try {
			return new ResolverCache((Map<Integer, DnsAddressResolverGroup>) read("RESOLVERS_CACHE"),
					read("DEFAULT_NAME_RESOLVER_PROVIDER"));
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			logger.debug("Reactor Netty's resolvers of names stay as they are", ex);
			return null;
		}
	}

	private static Object read(String name) throws ReflectiveOperationException {
		Field field = ClientTransportConfig.class.getDeclaredField(name);
		field.setAccessible(true);
		return field.get(null);
	}

	/**
	 * Lets {@link NameResolvers} find the addresses for clients that run on the given
	 * resources, whose event loops may be others later.
	 * @param loops the resources
	 */
	public static void serve(LoopResources loops) {
		if (INSTANCE != null) {
			INSTANCE.resolvers.put(INSTANCE.key(loops, true), NameResolvers.INSTANCE);
			INSTANCE.resolvers.put(INSTANCE.key(loops, false), NameResolvers.INSTANCE);
		}
	}

	/**
	 * Forgets what found the addresses for clients that ran on the given resources, which
	 * have ended.
	 * @param loops the resources
	 */
	public static void forget(LoopResources loops) {
		if (INSTANCE != null) {
			INSTANCE.resolvers.remove(INSTANCE.key(loops, true));
			INSTANCE.resolvers.remove(INSTANCE.key(loops, false));
		}
	}

	private int key(LoopResources loops, boolean preferNative) {
		return Objects.hash(this.provider, loops, preferNative);
	}

}
