package dev.loopline.autoconfigure.limits;

import java.security.Principal;
import java.util.Optional;

import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Keeps users within their rates. Comes behind all other filters, as each of them may say
 * who the user is.
 */
final class PrincipalRateFilter implements WebFilter {

	private final LimitTable limits;

	PrincipalRateFilter(LimitTable limits) {
		this.limits = limits;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		Route route = this.limits.find(exchange.getRequest());
		if (route == null || !route.limitsPrincipals()) {
			return chain.filter(exchange);
		}
		return exchange.getPrincipal()
			.map(Principal::getName)
			.map(Optional::of)
			.defaultIfEmpty(Optional.empty())
			.flatMap((user) -> route.handle(RateKeys.of(user.orElse(null), exchange.getRequest()), exchange, chain));
	}

}
