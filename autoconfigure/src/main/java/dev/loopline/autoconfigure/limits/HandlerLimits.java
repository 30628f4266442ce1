package dev.loopline.autoconfigure.limits;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.util.pattern.PathPattern;

import dev.loopline.autoconfigure.limits.LimitEntry.Handled;
import dev.loopline.autoconfigure.web.PatternOverlap;

/**
 * Reads the limits that are declared at handlers. They are found by path and method, as
 * those of properties are: what else tells two handlers apart comes too late.
 */
final class HandlerLimits {

	private final Map<RequestMappingInfo, HandlerMethod> handlers;

	private final List<LimitEntry> entries = new ArrayList<>();

	/** Of one method, or of all of a controller that have none of their own. */
	private final Map<HandlerPlace, Limit> limits = new LinkedHashMap<>();

	private final SharedRates sharing;

	private HandlerLimits(Map<RequestMappingInfo, HandlerMethod> handlers, SharedRates sharing) {
		this.handlers = handlers;
		this.sharing = sharing;
	}

	/**
	 * Reads all.
	 * @throws InvalidLimitException if one of them is wrong
	 */
	static List<LimitEntry> of(Map<RequestMappingInfo, HandlerMethod> handlers, SharedRates sharing) {
		HandlerLimits limits = new HandlerLimits(handlers, sharing);
		handlers.forEach(limits::add);
		return limits.entries;
	}

	private void add(RequestMappingInfo mapping, HandlerMethod handler) {
		Limits limits = find(handler);
		if (limits == null) {
			return;
		}
		Limit limit = this.limits.computeIfAbsent(place(handler), (place) -> newLimit(place, limits));
		for (PathPattern pattern : mapping.getPatternsCondition().getPatterns()) {
			Set<HttpMethod> methods = methods(mapping);
			requireUnambiguous(pattern, methods, handler, limits);
			this.entries.add(new LimitEntry(pattern, methods, limit, moreSpecific(pattern)));
		}
	}

	private static @Nullable Limits find(HandlerMethod handler) {
		Limits own = AnnotatedElementUtils.findMergedAnnotation(handler.getMethod(), Limits.class);
		return (own != null) ? own : AnnotatedElementUtils.findMergedAnnotation(handler.getBeanType(), Limits.class);
	}

	private static HandlerPlace place(HandlerMethod handler) {
		boolean own = AnnotatedElementUtils.hasAnnotation(handler.getMethod(), Limits.class);
		return new HandlerPlace(handler.getBeanType(), own ? handler.getMethod() : null);
	}

	private String name(HandlerPlace place) {
		return place.name(this.handlers.values()
			.stream()
			.filter((handler) -> find(handler) != null)
			.map(HandlerLimits::place)
			.toList());
	}

	private Limit newLimit(HandlerPlace at, Limits limits) {
		String place = name(at);
		UnaryOperator<String> keys = (setting) -> setting.isEmpty() ? "@Limits at " + place
				: "%s of @Limits at %s".formatted(camelCase(setting), place);
		List<String> routes = this.handlers.entrySet()
			.stream()
			.filter((entry) -> find(entry.getValue()) != null && at.equals(place(entry.getValue())))
			.flatMap((entry) -> entry.getKey()
				.getPatternsCondition()
				.getPatterns()
				.stream()
				.map((pattern) -> Handled.describe(pattern, methods(entry.getKey()))))
			.sorted()
			.toList();
		return new Limit(limits.name().isEmpty() ? place : limits.name(), keys,
				LimitSettings.of(properties(limits, keys), keys), routes, this.sharing);
	}

	private static String camelCase(String setting) {
		StringBuilder camelCase = new StringBuilder();
		for (int i = 0; i < setting.length(); i++) {
			boolean upper = i > 0 && setting.charAt(i - 1) == '-';
			char letter = setting.charAt(i);
			if (letter != '-') {
				camelCase.append(upper ? Character.toUpperCase(letter) : letter);
			}
		}
		return camelCase.toString();
	}

	private static LimitsProperties.Limit properties(Limits limits, UnaryOperator<String> keys) {
		LimitsProperties.Limit limit = new LimitsProperties.Limit();
		limit.setTimeout(duration(limits.timeout(), keys.apply("timeout")));
		limit.setMaxConcurrent(number(limits.maxConcurrent()));
		limit.setMaxQueue(number(limits.maxQueue()));
		limit.setMaxWait(duration(limits.maxWait(), keys.apply("max-wait")));
		if (limits.priority().length > 0) {
			limit.setPriority(limits.priority()[0]);
		}
		if (limits.rate().length > 0) {
			Limits.Rate rate = limits.rate()[0];
			limit.getRate().setPermits(rate.permits());
			limit.getRate().setPeriod(duration(rate.period(), keys.apply("rate.period")));
			limit.getRate().setBurst(number(rate.burst()));
			limit.getRate().setKey(rate.key());
			limit.getRate().setHeader(rate.header().isEmpty() ? null : rate.header());
			limit.getRate().setHeaders(rate.headers());
			limit.getRate().setStore(rate.store());
		}
		return limit;
	}

	private static @Nullable Integer number(int value) {
		return (value != -1) ? value : null;
	}

	private static @Nullable Duration duration(String value, String key) {
		if (value.isEmpty()) {
			return null;
		}
		try {
			return DurationStyle.detectAndParse(value);
		}
		catch (IllegalArgumentException ex) {
			throw InvalidLimitException.of(key, value, "is not a duration", "Write it as in 500ms or 2s.");
		}
	}

	private static Set<HttpMethod> methods(RequestMappingInfo mapping) {
		return mapping.getMethodsCondition()
			.getMethods()
			.stream()
			.map(RequestMethod::asHttpMethod)
			.collect(Collectors.toUnmodifiableSet());
	}

	private List<Handled> moreSpecific(PathPattern pattern) {
		List<Handled> others = new ArrayList<>();
		this.handlers.keySet()
			.forEach((mapping) -> mapping.getPatternsCondition()
				.getPatterns()
				.stream()
				.filter((other) -> PathPattern.SPECIFICITY_COMPARATOR.compare(other, pattern) < 0
						&& PatternOverlap.isPossible(other.getPatternString(), pattern.getPatternString()))
				.forEach((other) -> others.add(new Handled(other, methods(mapping)))));
		return List.copyOf(others);
	}

	/**
	 * Two handlers of the same path and method, told apart by a header or a parameter,
	 * have the same limits or none.
	 */
	private void requireUnambiguous(PathPattern pattern, Set<HttpMethod> methods, HandlerMethod handler,
			Limits limits) {
		this.handlers.forEach((mapping, other) -> {
			boolean same = mapping.getPatternsCondition().getPatterns().contains(pattern)
					&& methods(mapping).equals(methods);
			if (same && !Objects.equals(find(other), limits)) {
				throw new InvalidLimitException(
						"@Limits at %s cannot hold for %s alone, as %s is told from it by neither path nor method"
							.formatted(name(place(handler)), Handled.describe(pattern, methods),
									other.getShortLogMessage()),
						"Give both the same @Limits, or other paths.");
			}
		});
	}

}
