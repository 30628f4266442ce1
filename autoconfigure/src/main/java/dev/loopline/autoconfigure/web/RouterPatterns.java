package dev.loopline.autoconfigure.web;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

import org.springframework.core.io.Resource;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/**
 * Collects the path patterns of router functions. What has none may match every path.
 */
final class RouterPatterns implements RouterFunctions.Visitor {

	private static final List<String> ANY = List.of("/**");

	private final Consumer<String> patterns;

	/** Of the nested routes around, the alternatives of each. */
	private final Deque<List<String>> prefixes = new ArrayDeque<>(List.of(List.of("")));

	RouterPatterns(Consumer<String> patterns) {
		this.patterns = patterns;
	}

	@Override
	public void startNested(RequestPredicate predicate) {
		List<String> paths = PredicatePaths.of(predicate);
		this.prefixes.push(within(paths.isEmpty() ? List.of("") : paths));
	}

	@Override
	public void endNested(RequestPredicate predicate) {
		this.prefixes.pop();
	}

	@Override
	public void route(RequestPredicate predicate, HandlerFunction<?> handler) {
		List<String> paths = PredicatePaths.of(predicate);
		within(paths.isEmpty() ? ANY : paths).forEach(this.patterns);
	}

	private List<String> within(List<String> paths) {
		return this.prefixes.element().stream().flatMap((prefix) -> paths.stream().map(prefix::concat)).toList();
	}

	/** Files are looked for below every path, whether there are any or not. */
	@Override
	public void resources(Function<ServerRequest, Mono<Resource>> lookup) {
	}

	@Override
	public void attributes(Map<String, Object> attributes) {
	}

	@Override
	public void unknown(RouterFunction<?> routes) {
		within(ANY).forEach(this.patterns);
	}

}
