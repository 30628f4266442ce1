package dev.loopline.autoconfigure.clients;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.netty.buffer.ByteBuf;
import io.rsocket.Payload;
import io.rsocket.metadata.CompositeMetadata;
import io.rsocket.metadata.WellKnownMimeType;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.DestinationPatternsMessageCondition;
import org.springframework.messaging.rsocket.annotation.support.RSocketMessageHandler;
import org.springframework.util.RouteMatcher;
import org.springframework.util.function.SingletonSupplier;

/**
 * Tells which route a request of RSocket is for: the pattern of its handler, as what a
 * client asks for may have an identifier in it. Safe for use by many threads.
 */
final class RSocketRoutes {

	private static final String ROUTING = WellKnownMimeType.MESSAGE_RSOCKET_ROUTING.getString();

	private static final String COMPOSITE = WellKnownMimeType.MESSAGE_RSOCKET_COMPOSITE_METADATA.getString();

	private final ServedMethods methods = new ServedMethods();

	private final Supplier<@Nullable Patterns> patterns;

	/**
	 * Creates routes.
	 * @param handler returns what knows the patterns, if there is such a thing
	 */
	RSocketRoutes(Supplier<@Nullable RSocketMessageHandler> handler) {
		this.patterns = SingletonSupplier.ofNullable(() -> Patterns.of(handler.get()));
	}

	/**
	 * Returns what serves a request.
	 * @param payload the first of the request, which is left as it is
	 * @param mimeType what the connection's metadata is
	 * @param otherwise the name of a request without a route
	 */
	ServedMethod find(Payload payload, String mimeType, String otherwise) {
		try {
			String route = routeOf(payload, mimeType);
			return (route != null && !route.isEmpty()) ? find(route) : this.methods.get(otherwise);
		}
		catch (RuntimeException ex) { // malformed, as the handler will say
			return this.methods.get(otherwise);
		}
	}

	private ServedMethod find(String route) {
		Patterns patterns = this.patterns.get();
		if (patterns == null) {
			return this.methods.get(route);
		}
		String pattern = patterns.find(route);
		return (pattern != null) ? this.methods.get(pattern) : new ServedMethod(route); // nobody's
	}

	private static @Nullable String routeOf(Payload payload, String mimeType) {
		if (mimeType.equals(ROUTING)) {
			return firstTag(payload.sliceMetadata());
		}
		if (mimeType.equals(COMPOSITE)) {
			for (CompositeMetadata.Entry entry : new CompositeMetadata(payload.sliceMetadata().slice(), false)) {
				if (ROUTING.equals(entry.getMimeType())) {
					return firstTag(entry.getContent());
				}
			}
		}
		return null;
	}

	private static @Nullable String firstTag(ByteBuf tags) {
		int start = tags.readerIndex();
		return tags.isReadable() ? tags.toString(start + 1, tags.getUnsignedByte(start), StandardCharsets.UTF_8) : null;
	}

	/**
	 * The patterns of handlers.
	 */
	private record Patterns(Set<String> all, List<String> templates, RouteMatcher matcher) {

		static @Nullable Patterns of(@Nullable RSocketMessageHandler handler) {
			RouteMatcher matcher = (handler != null) ? handler.getRouteMatcher() : null;
			if (handler == null || matcher == null) {
				return null;
			}
			Set<String> all = handler.getHandlerMethods()
				.keySet()
				.stream()
				.map((condition) -> condition.getCondition(DestinationPatternsMessageCondition.class))
				.flatMap((condition) -> condition.getPatterns().stream())
				.collect(Collectors.toUnmodifiableSet());
			return new Patterns(all, all.stream().filter(matcher::isPattern).toList(), matcher);
		}

		@Nullable String find(String route) {
			if (this.all.contains(route)) {
				return route;
			}
			RouteMatcher.Route parsed = this.matcher.parseRoute(route);
			return this.templates.stream()
				.filter((pattern) -> this.matcher.match(pattern, parsed))
				.min(this.matcher.getPatternComparator(parsed))
				.orElse(null);
		}

	}

}
