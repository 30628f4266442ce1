package dev.loopline.autoconfigure.reactor;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.EventExecutor;
import reactor.netty.resources.LoopResources;
import reactor.netty.transport.NameResolverProvider;

/**
 * Finds addresses of names for clients, on the event loops that these connect from,
 * whichever application context they belong to. One for the JVM. Safe for use by many
 * threads.
 */
public final class NameResolvers extends DnsAddressResolverGroup {

	/*-
	 * A resolver of Reactor Netty's lives on one event loop: a client fails when that loop has ended, though its
	 * connections would be made on others. So there is one for each group of event loops, which is forgotten
	 * when these end.
	 */

	/** One for the JVM. */
	public static final NameResolvers INSTANCE = new NameResolvers();

	private final Map<EventLoopGroup, DnsAddressResolverGroup> groups = new ConcurrentHashMap<>();

	private NameResolvers() {
		super(new DnsNameResolverBuilder()); // which is never asked
	}

	@Override
	public AddressResolver<InetSocketAddress> getResolver(EventExecutor executor) {
		EventLoopGroup loops = loopsOf(executor);
		DnsAddressResolverGroup known = this.groups.get(loops);
		return ((known != null) ? known : add(loops)).getResolver(executor);
	}

	private static EventLoopGroup loopsOf(EventExecutor executor) {
		if (executor.parent() instanceof EventLoopGroup loops) {
			return loops;
		}
		if (executor instanceof EventLoop loop) {
			return loop;
		}
		throw new IllegalStateException("Not an event loop: " + executor);
	}

	private DnsAddressResolverGroup add(EventLoopGroup loops) {
		DnsAddressResolverGroup made = NameResolverProvider.builder()
			.build()
			.newNameResolverGroup((useNative) -> loops, LoopResources.DEFAULT_NATIVE);
		DnsAddressResolverGroup first = this.groups.putIfAbsent(loops, made);
		if (first != null) {
			return first;
		}
		loops.terminationFuture().addListener((ended) -> this.groups.remove(loops));
		return made;
	}

	/**
	 * Leaves all of them, as each ends with its event loops: whoever closes this means
	 * his own.
	 */
	@Override
	public void close() {
		// others go on
	}

}
