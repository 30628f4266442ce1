package dev.loopline.autoconfigure.shortway;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.webflux.autoconfigure.WebFluxRegistrations;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ShortWayHttpHandler} and what it is made of: whatever a client sees is
 * the same on both ways.
 */
class ShortWayTests {

	private static final int REQUESTS = Integer.getInteger("shortway.requests", 1_500);

	private static final List<String> CONTROLLERS = List.of("/string", "/plain", "/other", "/mono", "/mono-late",
			"/mono-empty", "/mono-void", "/mono-object", "/mono-error", "/null", "/void", "/throws", "/throws-argument",
			"/mono-argument", "/status-exception", "/item", "/mono-item", "/items", "/flux-items", "/flux", "/bytes",
			"/object", "/unwritable", "/json-string", "/two-types", "/either", "/paths", "/paths/a", "/versions",
			"/entity", "/mono-entity", "/problem", "/created", "/response", "/written", "/parameter", "/attributes",
			"/context", "/session", "/future", "/cors", "/events", "/echo", "/echo-item", "/consumes", "/every-method",
			"/late-header", "/throws-linkage", "/mono-linkage", "/mono-assertion", "/items/inherited",
			"/names/inherited", "/views/inherited", "/headers", "/mono-headers", "/entity-response", "/no/such/path",
			"/plain/", "/pl%61in", "/plain;a=b");

	private static final List<String> PATHS = Stream.of(CONTROLLERS, FunctionalShapes.PATHS)
		.flatMap(List::stream)
		.toList();

	private static final List<String> QUERIES = List.of("", "", "", "", "?function", "?other", "?number=5", "?number=x",
			"?commit", "?commit-late", "?commit-fails");

	private static final List<String> METHODS = List.of("GET", "GET", "GET", "GET", "POST", "PUT", "DELETE", "HEAD",
			"OPTIONS", "PATCH");

	private static final List<String> ACCEPTED = List.of("", "", "*/*", "text/plain", "application/json", "text/html",
			"application/*;q=0.5, text/plain;q=0.2", "image/png", "not a type", "text/event-stream",
			"application/x-ndjson");

	private static final List<String> CONTENT_TYPES = List.of("", "text/plain", "application/json", "not a type",
			"application/x-www-form-urlencoded", "multipart/form-data; boundary=b");

	private static final List<String> BODIES = List.of("", "text", "{\"name\":\"sent\",\"number\":4}", "{");

	/** The applications switch it off, for all that comes after them. */
	@AfterAll
	static void logAgain() {
		LoggingSystem.get(ShortWayTests.class.getClassLoader())
			.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.INFO);
	}

	@Test
	void answersAreTheSame() {
		compare();
	}

	@Test
	void answersAreTheSameWithFilters() {
		compare(Filtered.class);
	}

	private static void compare(Class<?>... more) {
		Random random = new Random(7);
		try (ConfigurableApplicationContext brief = start("true", more);
				ConfigurableApplicationContext stock = start("false", more)) {
			assertThat(brief.getBean("requestMappingHandlerMapping")).isInstanceOf(RememberingHandlerMapping.class);
			assertThat(stock.getBean("requestMappingHandlerMapping")).isNotInstanceOf(RememberingHandlerMapping.class);
			HttpClient toBrief = client(brief);
			HttpClient toStock = client(stock);
			for (int i = 0; i < REQUESTS; i++) {
				Request request = new Request(pick(random, METHODS), pick(random, PATHS) + pick(random, QUERIES),
						pick(random, ACCEPTED), pick(random, CONTENT_TYPES), random.nextInt(4) == 0,
						random.nextInt(4) == 0, pick(random, BODIES));
				assertThat(request.answer(toBrief)).as(request.toString()).isEqualTo(request.answer(toStock));
			}
		}
	}

	private static String pick(Random random, List<String> from) {
		return from.get(random.nextInt(from.size()));
	}

	private static ConfigurableApplicationContext start(String shortWay, Class<?>... more) {
		return new SpringApplicationBuilder(Shapes.class).sources(more)
			.web(WebApplicationType.REACTIVE)
			.run("--server.port=0", "--loopline.web.short-way=" + shortWay, "--logging.level.root=off",
					"--spring.main.banner-mode=off");
	}

	private static HttpClient client(ConfigurableApplicationContext context) {
		return HttpClient.create(ConnectionProvider.newConnection())
			.baseUrl("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
	}

	@Test
	void routesMayChangeAtRunTime() throws Exception {
		try (ConfigurableApplicationContext context = start("true")) {
			RequestMappingHandlerMapping mapping = context.getBean("requestMappingHandlerMapping",
					RequestMappingHandlerMapping.class);
			HttpClient client = client(context);
			assertThat(body(client, "/plain")).isEqualTo("plain");
			assertThat(body(client, "/plain")).isEqualTo("plain");
			RequestMappingInfo plain = mapping.getHandlerMethods()
				.entrySet()
				.stream()
				.filter((entry) -> entry.getValue().getMethod().getName().equals("plain"))
				.findFirst()
				.orElseThrow()
				.getKey();
			mapping.unregisterMapping(plain);
			assertThat(body(client, "/plain")).isEqualTo("any plain");
			mapping.registerMapping(plain, context.getBean(Shapes.Handlers.class),
					Shapes.Handlers.class.getDeclaredMethod("mono"));
			assertThat(body(client, "/plain")).isEqualTo("mono");
			assertThat(body(client, "/plain")).isEqualTo("mono");
			mapping.registerMapping(RequestMappingInfo.paths("/plain").params("added").build(),
					context.getBean(Shapes.Handlers.class), Shapes.Handlers.class.getDeclaredMethod("item"));
			assertThat(body(client, "/plain?added")).contains("\"item\"");
			assertThat(body(client, "/plain")).isEqualTo("mono");
		}
	}

	@Test
	void registrationsOfOthersWinHoweverLateTheyCome() {
		try (ConfigurableApplicationContext context = start("true", Late.class)) {
			assertThat(context.getBean("requestMappingHandlerMapping")).isInstanceOf(OthersMapping.class);
			assertThat(body(client(context), "/plain")).isEqualTo("plain");
		}
	}

	@SuppressWarnings("NullAway")
	private static String body(HttpClient client, String path) {
		return client.get().uri(path).responseContent().aggregate().asString().block();
	}

	@Configuration(proxyBeanMethods = false)
	static class Filtered {

		@Bean
		WebFilter filter() {
			return (exchange, chain) -> {
				exchange.getResponse().getHeaders().set("X-Filter", "seen");
				String query = exchange.getRequest().getURI().getQuery();
				if (query != null && query.startsWith("commit")) {
					Mono<Void> done = Mono
						.fromRunnable(() -> exchange.getResponse().getHeaders().set("X-Commit", "seen"));
					exchange.getResponse().beforeCommit(() -> switch (query) {
						case "commit-late" -> Mono.delay(Duration.ofMillis(1)).then(done);
						case "commit-fails" -> Mono.error(new IllegalStateException("commit"));
						default -> done;
					});
				}
				return chain.filter(exchange);
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Late {

		@Bean
		static BeanDefinitionRegistryPostProcessor late() {
			return (registry) -> registry.registerBeanDefinition("lateRegistrations",
					new RootBeanDefinition(WebFluxRegistrations.class, () -> new WebFluxRegistrations() {

						@Override
						public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
							return new OthersMapping();
						}

					}));
		}

	}

	static final class OthersMapping extends RequestMappingHandlerMapping {

	}

	private record Request(String method, String path, String accept, String contentType, boolean origin, boolean kind,
			String body) {

		List<String> answer(HttpClient client) {
			return client.headers(this::addTo)
				.request(HttpMethod.valueOf(this.method))
				.uri(this.path)
				.send((request, out) -> this.body.isEmpty() ? out : out.sendString(Mono.just(this.body)))
				.responseSingle((response,
						content) -> content.asString(StandardCharsets.UTF_8).defaultIfEmpty("").map((body) -> {
							List<String> answer = new ArrayList<>();
							answer.add(response.status().toString());
							response.responseHeaders().forEach((header) -> answer.add(header.toString()));
							if (body.contains("timestamp") || isError(response.status())) {
								answer.removeIf((line) -> line.startsWith("Content-Length="));
							}
							answer.add(withoutChance(body));
							return answer;
						}))
				.onErrorResume((ex) -> Mono.just(List.of(ex.getClass().getName())))
				.blockOptional()
				.orElseThrow();
		}

		/** Whose body, which HEAD leaves out, names the time, more or less exactly. */
		private static boolean isError(HttpResponseStatus status) {
			return status.code() >= HttpResponseStatus.BAD_REQUEST.code();
		}

		/** The answers to errors name the time and the request. */
		private static String withoutChance(String body) {
			return body.replaceAll("\"timestamp\":\"[^\"]*\"", "")
				.replaceAll("\"requestId\":\"[^\"]*\"", "")
				.replaceAll("created at [^<]*", "")
				.replaceAll("<div>\\[[^]]*\\]", "")
				.replaceAll("<div id='created'>[^<]*", "");
		}

		private void addTo(HttpHeaders headers) {
			set(headers, "Accept", this.accept);
			set(headers, "Content-Type", this.contentType);
			set(headers, "Origin", this.origin ? "http://origin" : "");
			set(headers, "Access-Control-Request-Method", (this.origin && this.kind) ? "GET" : "");
			set(headers, "X-Kind", this.kind ? "a" : "");
		}

		private static void set(HttpHeaders headers, String name, String value) {
			if (!value.isEmpty()) {
				headers.set(name, value);
			}
			else if (name.equals("Accept")) {
				headers.remove(name);
			}
		}

	}

}
