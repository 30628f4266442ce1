package dev.loopline.autoconfigure.security;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.authentication.UserDetailsRepositoryReactiveAuthenticationManager;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.userdetails.ReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebSession;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.runtime.Strand;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SecurityAutoConfiguration}.
 */
class SecurityAutoConfigurationTests {

	private static final int USERS = 50;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final HttpClient client = HttpClient.newHttpClient();

	@Test
	void passwordIsCheckedOnStrandAndHandlerGoesOnThere() {
		try (TestServer server = TestServer.start(DefaultManager.class)) {
			assertThat(get(server, "/where", "ann").body()).isEqualTo("strand strand");
			assertThat(get(server, "/where", "nobody").statusCode()).isEqualTo(401);
		}
	}

	@Test
	void managerThatIsObservedChecksOnStrandsToo() {
		try (TestServer server = TestServer.start(ObservedManager.class)) {
			assertThat(get(server, "/where", "ann").body()).isEqualTo("strand strand");
		}
	}

	@Test
	void managerThatIsBeanChecksOnStrandsToo() {
		try (TestServer server = TestServer.start(ManagerBean.class)) {
			assertThat(get(server, "/where", "ann").body()).isEqualTo("strand strand");
		}
	}

	@Test
	void managerThatHasSchedulerOfTheUserKeepsIt() {
		try (TestServer server = TestServer.start(ManagerOnSingle.class)) {
			assertThat(get(server, "/where", "ann").body()).contains("users-own");
		}
	}

	@Test
	void leavesPasswordsToReactorWhenSwitchedOff() {
		try (TestServer server = TestServer.start(DefaultManager.class, "loopline.security.passwords=false")) {
			assertThat(get(server, "/where", "ann").body()).contains("boundedElastic-");
		}
	}

	/**
	 * Who has no cookie makes Security create a session, which goes on on
	 * {@code parallel()}.
	 */
	@Test
	void handlerRunsOnStrandAfterSessionWasCreated() {
		try (TestServer server = TestServer.start(DefaultManager.class)) {
			assertThat(get(server, "/open/where", null).body()).endsWith("strand");
			assertThat(get(server, "/open/session", null).headers().allValues("set-cookie")).hasSize(1);
		}
	}

	@Test
	void usersServiceThatBlocksHoldsUpNobodyElse() {
		try (TestServer server = TestServer.start(DefaultManager.class, "loopline.web.overload=false")) {
			App app = server.context().getBean(App.class);
			List<CompletableFuture<HttpResponse<String>>> blocked = Stream
				.generate(() -> getAsync(server, "/me", "slow"))
				.limit(8)
				.toList();
			assertThat(get(server, "/me", "ann").body()).isEqualTo("ann");
			app.release.countDown();
			assertThat(blocked).allSatisfy((answer) -> assertThat(answer.join().body()).isEqualTo("slow"));
		}
	}

	@Test
	void noUserIsTakenForAnother() {
		try (TestServer server = TestServer.start(DefaultManager.class, "loopline.web.overload=false")) {
			for (int round = 0; round < 8; round++) {
				String path = (round % 2 == 0) ? "/me" : "/later";
				List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, USERS)
					.mapToObj((user) -> getAsync(server, path, "user" + user))
					.toList();
				assertThat(answers).extracting((answer) -> answer.join().body())
					.containsExactlyElementsOf(IntStream.range(0, USERS).mapToObj((user) -> "user" + user).toList());
				assertThat(get(server, "/open/me", null).body()).isEqualTo("nobody");
			}
		}
	}

	private static HttpResponse<String> get(TestServer server, String path, String user) {
		return getAsync(server, path, user).join();
	}

	private static CompletableFuture<HttpResponse<String>> getAsync(TestServer server, String path, String user) {
		URI uri = server.uri(path);
		HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
		if (user != null) {
			byte[] credentials = (user + ":" + user).getBytes(StandardCharsets.UTF_8);
			request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
		}
		return client.sendAsync(request.build(), BodyHandlers.ofString());
	}

	private static String where() {
		return (Strand.current() != null) ? "strand" : Thread.currentThread().getName();
	}

	/**
	 * An application with Security's default chain.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableWebFluxSecurity
	static class App {

		private final CountDownLatch release = new CountDownLatch(1);

		private static volatile String checked = "";

		@Bean
		SecurityWebFilterChain chain(ServerHttpSecurity http) {
			return http
				.authorizeExchange(
						(exchange) -> exchange.pathMatchers("/open/**").permitAll().anyExchange().authenticated())
				.httpBasic(Customizer.withDefaults())
				.formLogin(Customizer.withDefaults())
				.build();
		}

		@Bean
		ReactiveUserDetailsService users() {
			return (name) -> Mono.fromCallable(() -> {
				if (name.equals("slow")) {
					this.release.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
				}
				return name.equals("nobody") ? null : User.withUsername(name).password(name).roles("USER").build();
			});
		}

		@Bean
		PasswordEncoder encoder() {
			return new PasswordEncoder() {

				@Override
				public String encode(CharSequence password) {
					return password.toString();
				}

				@Override
				public boolean matches(CharSequence password, String encoded) {
					checked = where();
					return encoded.contentEquals(password);
				}

			};
		}

		@RestController
		static class Controller {

			@GetMapping({ "/where", "/open/where" })
			Mono<String> where() {
				return Mono.fromSupplier(() -> checked + " " + SecurityAutoConfigurationTests.where());
			}

			@GetMapping({ "/me", "/open/me" })
			Mono<String> me(Mono<Principal> principal) {
				return principal.map(Principal::getName).defaultIfEmpty("nobody");
			}

			@GetMapping("/later")
			Mono<String> later() {
				return Mono.delay(Duration.ofMillis(2))
					.publishOn(Schedulers.boundedElastic())
					.then(ReactiveSecurityContextHolder.getContext())
					.map((context) -> context.getAuthentication().getName());
			}

			@GetMapping("/open/session")
			Mono<String> session(WebSession session) {
				session.getAttributes().put("here", "before");
				return Mono.just("");
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(App.class)
	static class DefaultManager {

	}

	@Configuration(proxyBeanMethods = false)
	@Import(App.class)
	static class ObservedManager {

		@Bean
		ObservationRegistry observations() {
			ObservationRegistry registry = ObservationRegistry.create();
			registry.observationConfig().observationHandler((context) -> true);
			return registry;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(App.class)
	static class ManagerBean {

		@Bean
		ReactiveAuthenticationManager manager(ReactiveUserDetailsService users, PasswordEncoder encoder) {
			UserDetailsRepositoryReactiveAuthenticationManager manager = new UserDetailsRepositoryReactiveAuthenticationManager(
					users);
			manager.setPasswordEncoder(encoder);
			return manager;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(App.class)
	static class ManagerOnSingle {

		@Bean
		ReactiveAuthenticationManager manager(ReactiveUserDetailsService users, PasswordEncoder encoder) {
			UserDetailsRepositoryReactiveAuthenticationManager manager = new UserDetailsRepositoryReactiveAuthenticationManager(
					users);
			manager.setPasswordEncoder(encoder);
			manager.setScheduler(Schedulers.newSingle((task) -> new Thread(task, "users-own")));
			return manager;
		}

	}

}
