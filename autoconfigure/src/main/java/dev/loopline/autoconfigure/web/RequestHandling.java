package dev.loopline.autoconfigure.web;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.util.pattern.PathPatternParser;

import dev.loopline.autoconfigure.Refusals;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;
import dev.loopline.autoconfigure.TaskRuntimeProperties;

/**
 * What this package does to the requests of the application, for a server beside it that
 * no bean knows.
 */
public final class RequestHandling {

	private RequestHandling() {
	}

	/**
	 * Returns the mapping that comes first.
	 * @return a mapping for one application
	 */
	public static HandlerMapping mapping() {
		return new RequestContextMapping();
	}

	/**
	 * Gives requests strands of their own where they need them, and learns their routes.
	 * @param handler the handler of all requests
	 * @param lifecycle has the runtime that runs its connections
	 * @param properties say which requests need strands
	 * @return the handler for the server
	 */
	public static HttpHandler decorate(HttpHandler handler, TaskRuntimeLifecycle lifecycle,
			TaskRuntimeProperties properties) {
		LineLimits limits = LineLimits.of(properties.getBlocking(), new Refusals(), CrossOriginHeaders.NONE);
		SlowRoutes slowRoutes = new SlowRoutes(properties.getWeb().isLearnBlockingRoutes(), limits);
		BlockingRoutes listed = BlockingRoutes.parse(properties.getWeb().getBlockingRoutes(),
				PathPatternParser.defaultInstance);
		return new StrandHttpHandler(new RequestContextHttpHandler(handler, slowRoutes, new ManagementPath("")),
				new StrandAssignment(lifecycle, properties, listed, slowRoutes, limits));
	}

}
