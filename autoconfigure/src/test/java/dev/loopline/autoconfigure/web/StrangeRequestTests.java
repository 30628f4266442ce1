package dev.loopline.autoconfigure.web;

import java.net.URI;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.test.web.reactive.server.HttpHandlerConnector;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for requests that are not of Reactor Netty: those of tests, and of other servers.
 */
class StrangeRequestTests {

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withUserConfiguration(App.class)
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=0");

	private final List<ServerHttpRequest> requests = List.of(MockServerHttpRequest.post("/echo").body("body"),
			new StrangeRequest(() -> null), new StrangeRequest(Object::new), new StrangeRequest(() -> {
				throw new UnsupportedOperationException();
			}), new ServerHttpRequestDecorator(new StrangeRequest(() -> "native")));

	@Test
	void nativeRequestMayBeAnything() {
		this.contextRunner.run(this::assertAllAreAnswered);
	}

	@Test
	void nativeRequestOfBlockingRouteMayBeAnything() {
		this.contextRunner.withPropertyValues("loopline.web.blocking-routes=/echo").run(this::assertAllAreAnswered);
	}

	private void assertAllAreAnswered(ApplicationContext context) {
		HttpHandler handler = context.getBean(HttpHandler.class);
		for (ServerHttpRequest request : this.requests) {
			MockServerHttpResponse response = new MockServerHttpResponse();
			handler.handle(request, response).block();
			assertThat(response.getBodyAsString().block()).isEqualTo("body");
		}
		post(WebTestClient.bindToServer(new HttpHandlerConnector(handler)).build());
		post(WebTestClient.bindToApplicationContext(context).build());
	}

	private static void post(WebTestClient client) {
		client.post()
			.uri("/echo")
			.bodyValue("Hello")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.isEqualTo("Hello");
	}

	/**
	 * A request of a server that nobody knows.
	 */
	private static final class StrangeRequest extends AbstractServerHttpRequest {

		private final Supplier<@Nullable Object> nativeRequest;

		StrangeRequest(Supplier<@Nullable Object> nativeRequest) {
			super(HttpMethod.POST, URI.create("http://localhost/echo"), "", new HttpHeaders());
			this.nativeRequest = nativeRequest;
		}

		@Override
		protected MultiValueMap<String, HttpCookie> initCookies() {
			return new LinkedMultiValueMap<>();
		}

		@Override
		protected @Nullable SslInfo initSslInfo() {
			return null;
		}

		@Override
		@SuppressWarnings({ "unchecked", "NullAway" })
		public <T> T getNativeRequest() {
			return (T) this.nativeRequest.get();
		}

		@Override
		public Flux<DataBuffer> getBody() {
			return MockServerHttpRequest.post("/echo").body("body").getBody();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(EchoController.class)
	static class App {

	}

	@RestController
	static class EchoController {

		@PostMapping("/echo")
		String echo(@RequestBody String body) {
			return body;
		}

	}

}
