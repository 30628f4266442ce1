package dev.loopline.autoconfigure.web;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RequestPredicates.GET;
import static org.springframework.web.reactive.function.server.RequestPredicates.path;

/**
 * Tests for {@link BlockingRoutesCheck}.
 */
@ExtendWith(OutputCaptureExtension.class)
class BlockingRoutesCheckTests {

	private static final String WARNING = "matches the path of no handler";

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WebFluxAutoConfiguration.class, TaskRuntimeAutoConfiguration.class,
				ReactorNettyRuntimeAutoConfiguration.class, RequestStrandsAutoConfiguration.class,
				RequestContextAutoConfiguration.class))
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=0")
		.withUserConfiguration(Handlers.class);

	@ParameterizedTest
	@ValueSource(strings = { "/api/report", "api/report", "/api/**", "/*/report", "/functions/nested/7",
			"functions/one", "/url/deep/below", "/**" })
	void isSilentAboutRoutesOfHandlers(String route, CapturedOutput output) {
		check(route);
		assertThat(output).doesNotContain(WARNING);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/reports", "report", "/api/report/", "/functions/nested", "/functions/two", "/ulr/**",
			"/functions/not" })
	void warnsOfRoutesWithoutHandler(String route, CapturedOutput output) {
		check(route);
		assertThat(output).containsOnlyOnce(WARNING)
			.contains((route.startsWith("/") ? "'" : "'/") + route + "' in loopline.web.blocking-routes");
	}

	@Test
	void isSilentWhereItCannotKnow(CapturedOutput output) {
		HandlerMapping unknown = Mockito.mock(); // not of a package of ours
		this.contextRunner.withBean("unknown", HandlerMapping.class, () -> unknown)
			.withPropertyValues("loopline.web.blocking-routes=/nobody")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain(WARNING);
	}

	private void check(String route) {
		this.contextRunner.withPropertyValues("loopline.web.blocking-routes=" + route)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Configuration(proxyBeanMethods = false)
	static class Handlers {

		@Bean
		Reports reports() {
			return new Reports();
		}

		@Bean
		RouterFunction<ServerResponse> functions() {
			return RouterFunctions.route()
				.path("/functions",
						(nested) -> nested.GET("/one", (request) -> ServerResponse.ok().build())
							.nest(path("/nested"),
									(deeper) -> deeper.GET("/{id}", (request) -> ServerResponse.ok().build()))
							.route(path("/either").or(path("/or")).and(path("/not").negate()),
									(request) -> ServerResponse.ok().build()))
				.resources("/functions/two/**", new ClassPathResource("none/"))
				.build()
				.and(RouterFunctions.route(GET("/alone"), (request) -> ServerResponse.ok().build()));
		}

		@Bean
		SimpleUrlHandlerMapping urls() {
			WebHandler handler = (exchange) -> Mono.empty();
			return new SimpleUrlHandlerMapping(Map.of("/url/**", handler));
		}

	}

	@RestController
	@RequestMapping("/api")
	static class Reports {

		@GetMapping("report")
		String report() {
			return "";
		}

	}

}
