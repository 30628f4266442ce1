package dev.loopline.autoconfigure;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.stall.ForeignThreads;

/**
 * Knows the threads of well-known libraries and what would bring what they run onto
 * strands. Safe for use by many threads.
 */
final class LibraryThreads implements ForeignThreads {

	private static final String LEAVE = "leave its thread before you block, with publishOn, an executor or "
			+ "TaskRuntime.spawnBlocking";

	private static final Pattern NUMBER = Pattern.compile("-\\d+$");

	private final Predicate<String> switchedOff;

	/**
	 * Creates one.
	 * @param switchedOff tells whether a property is false
	 */
	LibraryThreads(Predicate<String> switchedOff) {
		this.switchedOff = switchedOff;
	}

	@Override
	public @Nullable Owner ownerOf(Thread thread) {
		ForeignLibrary library = ForeignLibrary.of(thread.getName(), types(thread.getClass()));
		return (library != null)
				? new Owner(library.id(), NUMBER.matcher(thread.getName()).replaceFirst(""), advise(library)) : null;
	}

	@Override
	public boolean isLoop(Owner owner, String className) {
		return ForeignLibrary.valueOf(owner.library().toUpperCase(Locale.ROOT).replace('-', '_')).isLoop(className);
	}

	private static List<String> types(Class<?> type) {
		Set<String> types = new LinkedHashSet<>();
		for (Class<?> next = type; next != null && next != Thread.class; next = next.getSuperclass()) {
			types.add(next.getName());
			for (Class<?> each : next.getInterfaces()) {
				types.add(each.getName());
			}
		}
		return List.copyOf(types);
	}

	private String advise(ForeignLibrary library) {
		for (String property : library.switches()) {
			if (this.switchedOff.test(property)) {
				return "It would be a strand without %s=false".formatted(property);
			}
		}
		return advice(library);
	}

	static String advice(ForeignLibrary library) {
		return switch (library) {
			case LETTUCE -> "It is a strand where Boot makes the ClientResources (a ClientResources bean of yours is "
					+ "not touched): have them made with a ClientResourcesBuilderCustomizer, or " + LEAVE;
			case REACTOR_NETTY -> "It is a strand with the LoopResources of the bean ReactorResourceFactory, which "
					+ "R2DBC gets with loopline.clients.r2dbc=true: use them instead of others, or " + LEAVE;
			case REACTOR -> "It is a strand with loopline.reactor.schedulers=true if it is made when the application "
					+ "has started: do so, or use the bean of type Scheduler, or " + LEAVE;
			case GRPC ->
				"It is a strand where Spring makes the server: have it made with a customizer. Connections of clients "
						+ "stay there, but no call has to: give it no direct executor, or " + LEAVE;
			case NETTY, CASSANDRA, AWS_SDK -> "It takes a group of event loops, which Loopline does not pass: " + LEAVE;
			case JDK_HTTP_CLIENT ->
				"It cannot take an event loop: give its client TaskRuntime::execute as executor, or " + LEAVE;
			case GRPC_SHADED, COUCHBASE, NEO4J, REDISSON, PULSAR, VERTX -> "It cannot take an event loop: " + LEAVE;
		};
	}

}
