package dev.loopline.autoconfigure.limits;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.web.server.MatcherSecurityWebFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.WebFilterChainProxy;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsWebFilter;
import org.springframework.web.cors.reactive.UrlBasedCorsConfigurationSource;
import org.springframework.web.reactive.config.CorsRegistry;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for refusals of requests of another origin, in a server.
 */
class CrossOriginLimitsTests {

	private static final String PAGE = "https://page.example";

	private final HttpClient client = HttpClient.newHttpClient();

	private TestServer server;

	@AfterEach
	void stopServer() {
		this.server.close();
	}

	@ParameterizedTest
	@ValueSource(classes = { Annotated.class, Configured.class, Filtered.class, Secured.class })
	void pageMayReadARefusalAsItMayReadTheAnswer(Class<?> app) {
		this.server = TestServer.start(app, "loopline.web.limits.a.paths=/never,/plain",
				"loopline.web.limits.a.timeout=2s", "loopline.web.limits.b.paths=/plain",
				"loopline.web.limits.b.rate.permits=1", "loopline.web.limits.b.rate.period=1h");
		CompletableFuture<HttpResponse<String>> never = send("/never", PAGE);
		assertThat(allowed(send("/plain", PAGE).join(), 200)).containsExactly(PAGE);
		assertThat(allowed(send("/plain", PAGE).join(), 429)).containsExactly(PAGE);
		assertThat(send("/plain", "https://other.example").join().headers().map())
			.doesNotContainKey("access-control-allow-origin");
		assertThat(this.server.get("/plain").headers().map()).doesNotContainKey("access-control-allow-origin");
		assertThat(allowed(never.join(), 504)).containsExactly(PAGE);
	}

	@ParameterizedTest
	@ValueSource(classes = { Annotated.class, Configured.class })
	void pageMayReadTheRefusalOfAUser(Class<?> app) {
		this.server = TestServer.start(app, "loopline.web.limits.b.paths=/plain",
				"loopline.web.limits.b.rate.permits=1", "loopline.web.limits.b.rate.period=1h",
				"loopline.web.limits.b.rate.key=principal");
		assertThat(allowed(send("/plain", PAGE).join(), 200)).containsExactly(PAGE);
		assertThat(allowed(send("/plain", PAGE).join(), 429)).containsExactly(PAGE);
	}

	@ParameterizedTest
	@ValueSource(classes = { Annotated.class, Configured.class, Filtered.class, Secured.class })
	void questionOfABrowserIsNoRequest(Class<?> app) {
		this.server = TestServer.start(app, "loopline.web.limits.a.paths=/plain",
				"loopline.web.limits.a.rate.permits=1", "loopline.web.limits.a.rate.period=1h");
		for (int i = 0; i < 3; i++) {
			HttpRequest question = HttpRequest.newBuilder(this.server.uri("/plain"))
				.method("OPTIONS", HttpRequest.BodyPublishers.noBody())
				.header("Origin", PAGE)
				.header("Access-Control-Request-Method", "GET")
				.build();
			assertThat(allowed(this.client.sendAsync(question, BodyHandlers.ofString()).join(), 200))
				.containsExactly(PAGE);
		}
		assertThat(send("/plain", PAGE).join().statusCode()).isEqualTo(200);
	}

	private CompletableFuture<HttpResponse<String>> send(String path, String origin) {
		return this.client.sendAsync(HttpRequest.newBuilder(this.server.uri(path)).header("Origin", origin).build(),
				BodyHandlers.ofString());
	}

	private static List<String> allowed(HttpResponse<String> answer, int status) {
		assertThat(answer.statusCode()).isEqualTo(status);
		return answer.headers().allValues("Access-Control-Allow-Origin");
	}

	private static CorsWebFilter filter() {
		CorsConfiguration page = new CorsConfiguration();
		page.addAllowedOrigin(PAGE);
		page.addAllowedMethod("GET");
		UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
		source.registerCorsConfiguration("/**", page);
		return new CorsWebFilter(source);
	}

	@RestController
	static class Handlers {

		@GetMapping("/plain")
		String plain() {
			return "plain";
		}

		@GetMapping("/never")
		Mono<String> never() {
			return Mono.never();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Annotated {

		@RestController
		@CrossOrigin(PAGE)
		static class AnnotatedHandlers extends Handlers {

		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Handlers.class)
	static class Configured implements WebFluxConfigurer {

		@Override
		public void addCorsMappings(CorsRegistry registry) {
			registry.addMapping("/**").allowedOrigins(PAGE);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Handlers.class)
	static class Filtered {

		@Bean
		CorsWebFilter corsFilter() {
			return filter();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Handlers.class)
	static class Secured {

		@Bean
		SecurityWebFilterChain nothing() {
			return new MatcherSecurityWebFilterChain(ServerWebExchangeMatchers.pathMatchers("/other"),
					List.of((exchange, chain) -> chain.filter(exchange)));
		}

		@Bean
		SecurityWebFilterChain chain() {
			return new MatcherSecurityWebFilterChain(ServerWebExchangeMatchers.anyExchange(), List.of(filter()));
		}

		@Bean
		WebFilterChainProxy security(List<SecurityWebFilterChain> chains) {
			return new WebFilterChainProxy(chains);
		}

	}

}
