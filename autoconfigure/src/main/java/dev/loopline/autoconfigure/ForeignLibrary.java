package dev.loopline.autoconfigure;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The libraries whose threads are known, by what those are called: their thread classes
 * or the names of threads. The first one that fits has a thread.
 */
enum ForeignLibrary {

	/** Of gRPC, with a Netty of its own name. */
	GRPC_SHADED(Kind.LOOP, "io.grpc.netty.shaded."),

	COUCHBASE(Kind.LOOP, "com.couchbase."),

	JDK_HTTP_CLIENT(Kind.JDK, "jdk.internal.net.http.", "loopline.clients.jdk-http"),

	LETTUCE(Kind.EXECUTOR, "lettuce-", "loopline.clients.lettuce"),

	GRPC(Kind.LOOP, "grpc-", "loopline.clients.grpc-server"),

	CASSANDRA(Kind.EXECUTOR, "com.datastax."),

	NEO4J(Kind.LOOP, "org.neo4j.driver."),

	REDISSON(Kind.LOOP, "redisson-"),

	PULSAR(Kind.LOOP, "pulsar-"),

	AWS_SDK(Kind.LOOP, "aws-java-sdk-"),

	VERTX(Kind.LOOP, "vert.x-eventloop-thread-"),

	REACTOR_NETTY(Kind.LOOP, "reactor", "loopline.clients.reactor-netty"),

	/** Event loops of somebody else. */
	NETTY(Kind.LOOP, null),

	/** Schedulers, also those that the application makes. */
	REACTOR(Kind.SCHEDULER, null, "loopline.reactor.schedulers");

	/** Made for work that blocks, or Netty's own. */
	private static final List<String> PATIENT = List.of("defaultEventExecutorGroup-", "globalEventExecutor-",
			"unorderedThreadPoolEventExecutor-", "threadDeathWatcher-", "ObjectCleanerThread", "vert.x-");

	private static final String FAST_THREAD = "io.netty.util.concurrent.FastThreadLocalThread";

	private static final String NON_BLOCKING = "reactor.core.scheduler.NonBlocking";

	private final Kind kind;

	/** Of the names of threads or of their classes. */
	private final @Nullable String prefix;

	private final List<String> switches;

	ForeignLibrary(Kind kind, @Nullable String prefix, String... switches) {
		this.kind = kind;
		this.prefix = prefix;
		this.switches = List.of(switches);
	}

	/**
	 * Finds the library that made a thread.
	 * @param name the name of the thread
	 * @param types the names of its classes and of their interfaces
	 * @return {@code null} if it is nobody's who must not be kept
	 */
	static @Nullable ForeignLibrary of(String name, List<String> types) {
		boolean netty = types.stream().anyMatch((type) -> type.endsWith(FAST_THREAD));
		boolean scheduler = !netty && types.contains(NON_BLOCKING);
		for (ForeignLibrary library : values()) {
			boolean suits = switch (library.kind) {
				case LOOP, EXECUTOR -> netty;
				case SCHEDULER -> scheduler;
				case JDK -> !netty;
			};
			if (suits && library.isNamedBy(name, types)) {
				return (library == NETTY && PATIENT.stream().anyMatch(name::startsWith)) ? null : library;
			}
		}
		return null;
	}

	private boolean isNamedBy(String name, List<String> types) {
		return this.prefix == null || name.startsWith(this.prefix)
				|| types.stream().anyMatch((type) -> type.startsWith(this.prefix));
	}

	/**
	 * Returns whether a class runs the loop of such a thread. A user of Netty may have
	 * executors that are no event loops for work that blocks.
	 */
	boolean isLoop(String type) {
		return switch (this.kind) {
			case LOOP -> isEventLoop(type);
			case EXECUTOR -> isEventLoop(type) || type.endsWith("io.netty.util.concurrent.DefaultEventExecutor");
			case SCHEDULER -> type.startsWith("java.util.concurrent.ThreadPoolExecutor");
			case JDK -> type.startsWith("jdk.internal.net.http.HttpClientImpl$SelectorManager");
		};
	}

	private static boolean isEventLoop(String type) {
		return type.contains("io.netty.channel.") && type.endsWith("EventLoop");
	}

	/**
	 * Returns the properties that bring it onto strands.
	 */
	List<String> switches() {
		return this.switches;
	}

	/**
	 * Returns the name that endpoint, meters and log have for it.
	 */
	String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * What its threads run.
	 */
	private enum Kind {

		LOOP, EXECUTOR, SCHEDULER, JDK

	}

}
