package dev.loopline.autoconfigure.shortway;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;

/**
 * A mapping that knows which of the mappings after it can have a handler for an exchange.
 */
public interface CandidateMappings extends HandlerMapping {

	/**
	 * Returns what is to be asked instead of everything that comes after this mapping.
	 * @param exchange the exchange
	 * @return the mappings in their order, or {@code null} if all of them are to be asked
	 */
	@Nullable List<HandlerMapping> candidates(ServerWebExchange exchange);

}
