package dev.loopline.autoconfigure.limits;

import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Says how much a request matters, before anything of it is handled. Safe for use by many
 * threads.
 */
@FunctionalInterface
public interface RoutePriorities {

	/**
	 * The attribute of a request whose route has limits: a {@link Priority}.
	 */
	String ATTRIBUTE = "dev.loopline.priority";

	/**
	 * Returns the priority of a request's route.
	 * @param request the request
	 * @return what was declared, or {@link Priority#NORMAL}
	 */
	Priority priorityOf(ServerHttpRequest request);

}
