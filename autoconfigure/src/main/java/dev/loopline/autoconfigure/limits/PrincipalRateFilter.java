package dev.loopline.autoconfigure.limits;

import java.security.Principal;
import java.util.Optional;

import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.web.CrossOriginHeaders;

/**
 * Keeps users within their rates. Comes behind all other filters, as each of them may say
 * who the user is.
 */
final class PrincipalRateFilter implements WebFilter {

	private final LimitTable limits;

	private final CrossOriginHeaders crossOrigin;

	PrincipalRateFilter(LimitTable limits, CrossOriginHeaders crossOrigin) {
		this.limits = limits;
		this.crossOrigin = crossOrigin;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		Route route = this.limits.find(exchange.getRequest());
		if (route == null || !route.limitsPrincipals() || CrossOriginHeaders.isPreFlight(exchange.getRequest())) {
			return chain.filter(exchange);
		}
		LimitedExchange limited = new LimitedExchange(exchange.getRequest(), exchange.getResponse(),
				(request, response) -> chain.filter(exchange), this.crossOrigin);
		return exchange.getPrincipal()
			.map(Principal::getName)
			.map(Optional::of)
			.defaultIfEmpty(Optional.empty())
			.flatMap((user) -> route.handle(RateKeys.of(user.orElse(null), exchange.getRequest()), limited));
	}

}
