package dev.loopline.autoconfigure.web;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;
import org.springframework.web.reactive.handler.AbstractUrlHandlerMapping;
import org.springframework.web.reactive.resource.ResourceWebHandler;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;

/**
 * The path patterns of an application's handlers, as far as they can be known.
 */
final class HandlerPatterns {

	/** Mappings of ours have no handlers. */
	private static final String OURS = "dev.loopline.autoconfigure.";

	private final List<String> patterns = new ArrayList<>();

	private boolean complete = true;

	HandlerPatterns(Collection<HandlerMapping> mappings) {
		mappings.forEach(this::add);
	}

	private void add(HandlerMapping mapping) {
		if (mapping instanceof RequestMappingInfoHandlerMapping controllers) {
			controllers.getHandlerMethods().keySet().forEach(this::add);
		}
		else if (mapping instanceof RouterFunctionMapping functions) {
			RouterFunction<?> routes = functions.getRouterFunction();
			if (routes != null) {
				routes.accept(new RouterPatterns(this.patterns::add));
			}
		}
		else if (mapping instanceof AbstractUrlHandlerMapping urls) {
			urls.getHandlerMap().forEach(this::add);
		}
		else if (!mapping.getClass().getPackageName().startsWith(OURS)) {
			this.complete = false;
		}
	}

	private void add(RequestMappingInfo controller) {
		controller.getPatternsCondition().getPatterns().forEach((each) -> this.patterns.add(each.getPatternString()));
	}

	/** Files are looked for below every path, whether there are any or not. */
	private void add(PathPattern pattern, @Nullable Object handler) {
		if (!(handler instanceof ResourceWebHandler) || !pattern.getPatternString().equals("/**")) {
			this.patterns.add(pattern.getPatternString());
		}
	}

	/**
	 * Returns whether a request may match both a pattern and one of a handler; in doubt
	 * it may.
	 */
	boolean meet(PathPattern pattern) {
		return !this.complete || this.patterns.stream()
			.anyMatch((each) -> PatternOverlap.isPossible(pattern.getPatternString(), each));
	}

}
