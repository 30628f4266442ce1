package acme;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.crypto.spec.SecretKeySpec;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.method.configuration.EnableReactiveMethodSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.ReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.NoOpPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;

import static org.springframework.security.config.Customizer.withDefaults;

/**
 * What is below {@code /secure} has the chain that is Spring Boot's default, with two
 * paths for everybody, what is below {@code /token} takes tokens, and the rest has none.
 */
@Configuration(proxyBeanMethods = false)
@EnableReactiveMethodSecurity
class SecurityConfiguration {

	@Bean
	@Order(0)
	SecurityWebFilterChain secure(ServerHttpSecurity http) {
		return http.securityMatcher(ServerWebExchangeMatchers.pathMatchers("/secure/**", "/login", "/logout"))
			.authorizeExchange((exchanges) -> exchanges.pathMatchers("/secure/fine", "/secure/bad")
				.permitAll()
				.anyExchange()
				.authenticated())
			.httpBasic(withDefaults())
			.formLogin(withDefaults())
			.build();
	}

	@Bean
	@Order(1)
	SecurityWebFilterChain token(ServerHttpSecurity http) {
		return http.securityMatcher(ServerWebExchangeMatchers.pathMatchers("/token/**"))
			.authorizeExchange((exchanges) -> exchanges.pathMatchers("/token/write")
				.hasAuthority("SCOPE_write")
				.anyExchange()
				.authenticated())
			.oauth2ResourceServer((server) -> server.jwt(withDefaults()))
			.build();
	}

	@Bean
	ReactiveJwtDecoder decoder() {
		byte[] secret = "a secret of thirty-two characters".getBytes(StandardCharsets.US_ASCII);
		return NimbusReactiveJwtDecoder.withSecretKey(new SecretKeySpec(secret, "HmacSHA256")).build();
	}

	/**
	 * Users whose passwords are their names, one that costs nothing to check and one that
	 * costs 100 ms of a processor.
	 */
	@Bean
	ReactiveUserDetailsService users() {
		List<UserDetails> users = new ArrayList<>();
		users.add(user("ann", "{noop}ann", "USER"));
		users.add(user("root", "{noop}root", "USER", "ADMIN"));
		users.add(user("bob", "{bcrypt}" + new BCryptPasswordEncoder(11).encode("bob"), "USER"));
		for (int i = 0; i < 50; i++) {
			users.add(user("user" + i, "{noop}user" + i, "USER"));
		}
		return new MapReactiveUserDetailsService(users)::findByUsername;
	}

	/** Of which none replaces what was encoded by another. */
	@Bean
	@SuppressWarnings("deprecation")
	PasswordEncoder encoder() {
		return new DelegatingPasswordEncoder("noop",
				Map.of("noop", NoOpPasswordEncoder.getInstance(), "bcrypt", new BCryptPasswordEncoder()));
	}

	private static UserDetails user(String name, String password, String... roles) {
		return User.withUsername(name).password(password).roles(roles).build();
	}

}
