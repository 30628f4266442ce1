package dev.loopline.autoconfigure.overload;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import org.springframework.web.util.pattern.PatternParseException;

import dev.loopline.autoconfigure.limits.Priority;
import dev.loopline.autoconfigure.limits.RoutePriorities;
import dev.loopline.autoconfigure.web.ManagementPath;

/**
 * Tells the priority and the client of a request. Safe for use by many threads.
 */
final class RequestClasses implements SmartInitializingSingleton {

	/** Where Spring Boot puts the probes on the application's port. */
	private static final Set<String> PROBES = Set.of("/livez", "/readyz");

	private final ManagementPath management;

	private final List<Rule> rules = new ArrayList<>();

	private final String priorityHeader;

	private final String clientHeader;

	/** Asked late: annotations of handlers declare some. */
	private final Supplier<@Nullable RoutePriorities> declared;

	private @Nullable RoutePriorities priorities;

	RequestClasses(WebAdmissionProperties properties, ManagementPath management,
			Supplier<@Nullable RoutePriorities> declared) {
		this.management = management;
		this.declared = declared;
		this.priorityHeader = properties.getAdmission().getPriorityHeader();
		this.clientHeader = properties.getAdmission().getClientHeader();
		add(RequestPriority.CRITICAL, properties.getPriority().getCritical());
		add(RequestPriority.NORMAL, properties.getPriority().getNormal());
		add(RequestPriority.SHEDDABLE, properties.getPriority().getSheddable());
		this.rules.sort((one, other) -> PathPattern.SPECIFICITY_COMPARATOR.compare(one.pattern(), other.pattern()));
	}

	/**
	 * Finds who declares priorities before there are requests, whose threads must not
	 * wait for beans.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		this.priorities = this.declared.get();
	}

	private void add(RequestPriority priority, List<String> patterns) {
		for (String pattern : patterns) {
			try {
				this.rules.add(new Rule(PathPatternParser.defaultInstance.parse(pattern), priority));
			}
			catch (PatternParseException ex) {
				throw new InvalidAdmissionException("loopline.web.priority." + priority.label, pattern,
						"is no path pattern: " + ex.getMessage(), ex);
			}
		}
	}

	/**
	 * Returns the priority of a request. What its path says comes before what the limits
	 * of its route say, and that before what the client says of itself.
	 * @return {@code null} if it must never be refused
	 */
	@Nullable RequestPriority priority(ServerHttpRequest request) {
		String path = request.getPath().value();
		if (this.management.contains(path) || PROBES.contains(path)) {
			return null;
		}
		RequestPriority byPath = this.rules.isEmpty() ? null : byPath(request.getPath().pathWithinApplication());
		if (byPath != null) {
			return byPath;
		}
		RoutePriorities declared = this.priorities;
		Priority ofRoute = (declared != null) ? declared.priorityOf(request) : Priority.NORMAL;
		return (ofRoute != Priority.NORMAL) ? RequestPriority.valueOf(ofRoute.name()) : byHeader(request);
	}

	/**
	 * Returns whether a request goes before others.
	 */
	boolean goesFirst(ServerHttpRequest request) {
		RequestPriority priority = priority(request);
		return priority == null || priority == RequestPriority.CRITICAL;
	}

	private @Nullable RequestPriority byPath(PathContainer path) {
		for (Rule rule : this.rules) {
			if (rule.pattern().matches(path)) {
				return rule.priority();
			}
		}
		return null;
	}

	private RequestPriority byHeader(ServerHttpRequest request) {
		String value = this.priorityHeader.isEmpty() ? null : request.getHeaders().getFirst(this.priorityHeader);
		if (value != null) {
			for (RequestPriority priority : RequestPriority.values()) {
				if (priority.label.equalsIgnoreCase(value.trim())) {
					return priority;
				}
			}
		}
		return RequestPriority.NORMAL;
	}

	/**
	 * Returns a number for the client of a request: that of its header, else that of its
	 * connection.
	 */
	long client(ServerHttpRequest request) {
		String value = this.clientHeader.isEmpty() ? null : request.getHeaders().getFirst(this.clientHeader);
		if (value != null) {
			return value.hashCode();
		}
		InetSocketAddress address = request.getRemoteAddress();
		return (address != null) ? address.hashCode() : 0;
	}

	/**
	 * The priority of what a pattern matches.
	 */
	private record Rule(PathPattern pattern, RequestPriority priority) {
	}

}
