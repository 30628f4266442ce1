package dev.loopline.autoconfigure.actuate;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.actuate.endpoint.web.EndpointLinksResolver;
import org.springframework.boot.actuate.endpoint.web.EndpointMapping;
import org.springframework.boot.actuate.endpoint.web.EndpointMediaTypes;
import org.springframework.boot.webflux.actuate.endpoint.web.WebFluxEndpointHandlerMapping;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ApplicationHandlerMapping}.
 */
class ApplicationHandlerMappingTests {

	private final List<String> asked = new ArrayList<>();

	private final StaticListableBeanFactory beans = new StaticListableBeanFactory();

	ApplicationHandlerMappingTests() {
		this.beans.addBean("last", new Mapping("last", 2, "found by the last"));
		this.beans.addBean("second", new Mapping("second", 1, null));
		this.beans.addBean("endpoints", new EndpointMappingStub());
		this.beans.addBean("before", new Mapping("before", Ordered.HIGHEST_PRECEDENCE, null));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "", "/actuators/health", "/application/actuator", "/Actuator", "//users;actuator" })
	void asksTheOthersInTheirOrder(String path) {
		assertThat(find("/actuator", path)).isEqualTo("found by the last");
		assertThat(this.asked).containsExactly("second", "last");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator", "/actuator/", "/actuator/health", "/actuator;v=1/health", "/%61ctuator" })
	void leavesToTheirMappingWhatMayBeEndpoints(String path) {
		assertThat(find("/actuator", path)).isNull();
		assertThat(this.asked).isEmpty();
	}

	@Test
	void firstSegmentDecidesForALongerBasePath() {
		assertThat(find("/manage/actuator", "/manage/users")).isNull();
		assertThat(find("/manage/actuator", "/actuator")).isEqualTo("found by the last");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/" })
	void nothingTellsEndpointsUnderTheRootFromOtherRequests(String basePath) {
		assertThat(find(basePath, "/users")).isNull();
		assertThat(this.asked).isEmpty();
	}

	private Object find(String basePath, String path) {
		ApplicationHandlerMapping mapping = new ApplicationHandlerMapping(PathContainer.parsePath(basePath),
				this.beans);
		this.beans.addBean("mapping", mapping);
		URI uri = URI.create("http://localhost" + path);
		return mapping.getHandler(MockServerWebExchange.from(MockServerHttpRequest.method(HttpMethod.GET, uri)))
			.block();
	}

	/**
	 * Finds the same for every request, or nothing.
	 */
	private final class Mapping implements HandlerMapping, Ordered {

		private final String name;

		private final int order;

		private final Mono<Object> found;

		Mapping(String name, int order, Object found) {
			this.name = name;
			this.order = order;
			this.found = Mono.justOrEmpty(found);
		}

		@Override
		public Mono<Object> getHandler(ServerWebExchange exchange) {
			ApplicationHandlerMappingTests.this.asked.add(this.name);
			return this.found;
		}

		@Override
		public int getOrder() {
			return this.order;
		}

	}

	/**
	 * Has no endpoints but tells that it is asked.
	 */
	private final class EndpointMappingStub extends WebFluxEndpointHandlerMapping {

		EndpointMappingStub() {
			super(new EndpointMapping("/actuator"), List.of(), EndpointMediaTypes.DEFAULT, null,
					new EndpointLinksResolver(List.of()), false);
		}

		@Override
		public Mono<Object> getHandler(ServerWebExchange exchange) {
			ApplicationHandlerMappingTests.this.asked.add("endpoints");
			return super.getHandler(exchange);
		}

	}

}
