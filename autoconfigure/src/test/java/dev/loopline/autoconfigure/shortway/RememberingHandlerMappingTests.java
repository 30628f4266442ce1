package dev.loopline.autoconfigure.shortway;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RememberingHandlerMapping}: which routes it remembers.
 */
class RememberingHandlerMappingTests {

	private final RememberingHandlerMapping mapping = mapping();

	private static RememberingHandlerMapping mapping() {
		RememberingHandlerMapping mapping = new RememberingHandlerMapping();
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Shapes.Handlers.class);
		mapping.setApplicationContext(context);
		mapping.afterPropertiesSet();
		return mapping;
	}

	@ParameterizedTest
	@ValueSource(strings = { "/plain", "/mono", "/json-string", "/two-types", "/either", "/paths" })
	void remembersWhatMethodPathAndAcceptedTypesDecide(String path) {
		this.mapping.getHandler(get(path)).block();
		RememberedRoute.Match match = this.mapping.find(get(path));
		assertThat(match).isNotNull();
		ServerWebExchange exchange = get(path);
		assertThat(this.mapping.getHandler(exchange).block()).isEqualTo(match.handler().createWithResolvedBean());
	}

	@ParameterizedTest
	@ValueSource(strings = { "/versions", "/paths/a", "/no/such/path" })
	void leavesTheOthersToSpring(String path) {
		this.mapping.getHandler(get(path)).onErrorComplete().block();
		assertThat(this.mapping.find(get(path))).isNull();
	}

	@Test
	void eachListOfAcceptedTypesIsAnotherQuestion() {
		this.mapping.getHandler(get("/either", MediaType.TEXT_PLAIN)).block();
		assertThat(this.mapping.find(get("/either", MediaType.APPLICATION_JSON))).isNull();
		this.mapping.getHandler(get("/either", MediaType.APPLICATION_JSON)).block();
		assertThat(this.mapping.find(get("/either", MediaType.TEXT_PLAIN)))
			.extracting((match) -> match.handler().getMethod().getName())
			.isEqualTo("eitherText");
		assertThat(this.mapping.find(get("/either", MediaType.APPLICATION_JSON)))
			.extracting((match) -> match.handler().getMethod().getName())
			.isEqualTo("eitherItem");
	}

	@Test
	void remembersABoundedNumberOfThem() {
		for (int i = 0; i < 1_000; i++) {
			this.mapping.getHandler(get("/json-string", MediaType.ALL, new MediaType("text", "x" + i))).block();
		}
		assertThat(this.mapping.find(get("/json-string", MediaType.ALL, new MediaType("text", "x0")))).isNotNull();
		assertThat(this.mapping.find(get("/json-string", MediaType.ALL, new MediaType("text", "x999")))).isNull();
	}

	private static ServerWebExchange get(String path, MediaType... accepted) {
		return MockServerWebExchange
			.from(MockServerHttpRequest.method(HttpMethod.GET, "http://localhost" + path).accept(accepted));
	}

}
