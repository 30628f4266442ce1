package dev.loopline.autoconfigure.actuate;

import java.util.Map;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;

/**
 * A {@link HandlerMapping} that maps nothing and gives every answer of the endpoint the
 * headers that the answers of an operation cannot have: nobody keeps them, guesses their
 * type, or shows the console in a frame. It comes after
 * {@link ApplicationHandlerMapping}, so that requests of the application do not get here.
 * Safe for use by many threads.
 */
final class EndpointHeadersMapping implements HandlerMapping, Ordered {

	/** That of the page, and what only a header can say. */
	static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
			+ "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

	static final Map<String, String> HEADERS = Map.of(HttpHeaders.CACHE_CONTROL, "no-store", "X-Content-Type-Options",
			"nosniff", "Content-Security-Policy", POLICY);

	private final PathPattern paths;

	/**
	 * Creates a mapping.
	 * @param path the path of the endpoint
	 */
	EndpointHeadersMapping(String path) {
		this.paths = PathPatternParser.defaultInstance.parse(path + "/**");
	}

	@Override
	public Mono<Object> getHandler(ServerWebExchange exchange) {
		if (this.paths.matches(exchange.getRequest().getPath().pathWithinApplication())) {
			HttpHeaders headers = exchange.getResponse().getHeaders();
			HEADERS.forEach(headers::set);
		}
		return Mono.empty();
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE + 2;
	}

}
