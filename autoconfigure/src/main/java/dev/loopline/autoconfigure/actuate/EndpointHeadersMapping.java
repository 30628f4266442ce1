package dev.loopline.autoconfigure.actuate;

import java.util.Map;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.PathContainer;
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

	/** The comparison of replicas may ask any server, once somebody has said which. */
	private static final String COMPARISON_POLICY = POLICY.replace("connect-src 'self'",
			"connect-src 'self' http: https:");

	private static final Map<String, String> HEADERS = headers(POLICY);

	private static final Map<String, String> COMPARISON_HEADERS = headers(COMPARISON_POLICY);

	private final PathPattern paths;

	private final PathPattern comparison;

	/**
	 * Creates a mapping.
	 * @param path the path of the endpoint
	 */
	EndpointHeadersMapping(String path) {
		this.paths = PathPatternParser.defaultInstance.parse(path + "/**");
		this.comparison = PathPatternParser.defaultInstance.parse(path + "/" + ConsoleFiles.COMPARISON);
	}

	private static Map<String, String> headers(String policy) {
		return Map.of(HttpHeaders.CACHE_CONTROL, "no-store", "X-Content-Type-Options", "nosniff",
				"Content-Security-Policy", policy);
	}

	/**
	 * Returns the headers of an answer.
	 * @param view the part of the endpoint that is asked for, or "" for all
	 */
	static Map<String, String> headersOf(String view) {
		return view.equals(ConsoleFiles.COMPARISON) ? COMPARISON_HEADERS : HEADERS;
	}

	@Override
	public Mono<Object> getHandler(ServerWebExchange exchange) {
		PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
		if (this.paths.matches(path)) {
			HttpHeaders headers = exchange.getResponse().getHeaders();
			headersOf(this.comparison.matches(path) ? ConsoleFiles.COMPARISON : "").forEach(headers::set);
		}
		return Mono.empty();
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE + 2;
	}

}
