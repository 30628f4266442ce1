package dev.loopline.autoconfigure.web;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for requests whose handlers throw what is fatal to a JVM: each is answered or
 * ended at once, whatever strand it is handled on.
 */
@ExtendWith(OutputCaptureExtension.class)
class FatalErrorTests {

	private static final Map<String, Supplier<Throwable>> KINDS = Map.of("soe", StackOverflowError::new, "oom",
			OutOfMemoryError::new, "ncdfe", NoClassDefFoundError::new, "internal", InternalError::new, "death",
			ThreadDeath::new);

	@ParameterizedTest
	@EnumSource
	void everyRequestEnds(Way way, CapturedOutput output) {
		try (TestServer server = TestServer.start(App.class, way.properties)) {
			for (String kind : KINDS.keySet()) {
				for (String path : List.of("/thrown/", "/mapped/", "/routed/")) {
					assertThat(get(server, way, path + kind).statusCode()).as(path + kind).isEqualTo(500);
				}
				CompletableFuture<HttpResponse<String>> cut = send(server, way,
						request(server, "/streamed/" + kind).build());
				assertThatExceptionOfType(CompletionException.class).as(kind).isThrownBy(cut::join);
				assertUploadEnds(server, way, kind);
			}
			assertThat(get(server, way, "/").body()).isEqualTo("fine");
		}
		if (way != Way.WORKER) {
			assertThat(output).contains("GET /thrown/{kind} from", "POST /read/{kind} from");
		}
	}

	/** A worker's connection is closed in the middle of a read, as on stock. */
	private static void assertUploadEnds(TestServer server, Way way, String kind) {
		CompletableFuture<HttpResponse<String>> upload = send(server, way,
				request(server, "/read/" + kind).POST(BodyPublishers.ofString("some")).build());
		if (way != Way.WORKER) {
			assertThat(upload.join().statusCode()).as(kind).isEqualTo(500);
			return;
		}
		assertThat(upload.handle((response, ex) -> (ex != null) ? 500 : response.statusCode()).join()).as(kind)
			.isEqualTo(500);
	}

	private static HttpResponse<String> get(TestServer server, Way way, String path) {
		return send(server, way, request(server, path).build()).join();
	}

	private static HttpRequest.Builder request(TestServer server, String path) {
		return HttpRequest.newBuilder(server.uri(path)).timeout(Duration.ofSeconds(20));
	}

	/** On a connection of its own, as others may be closed, which is set up before. */
	private static CompletableFuture<HttpResponse<String>> send(TestServer server, Way way, HttpRequest request) {
		HttpClient client = HttpClient.newBuilder().version(way.version).build();
		return client.sendAsync(request(server, "/").build(), BodyHandlers.ofString())
			.thenCompose((fine) -> client.sendAsync(request, BodyHandlers.ofString()));
	}

	private static String fail(String kind) {
		throw FatalErrorTests.<RuntimeException>sneaky(KINDS.get(kind).get());
	}

	@SuppressWarnings("unchecked")
	private static <X extends Throwable> X sneaky(Throwable thrown) throws X {
		throw (X) thrown;
	}

	enum Way {

		WORKER(HttpClient.Version.HTTP_1_1), LANE(HttpClient.Version.HTTP_1_1, "loopline.web.blocking-routes=/**"),
		STREAM(HttpClient.Version.HTTP_2, "server.http2.enabled=true");

		private final HttpClient.Version version;

		private final String[] properties;

		Way(HttpClient.Version version, String... properties) {
			this.version = version;
			this.properties = Stream.concat(Stream.of("loopline.stall.threshold=1h"), Stream.of(properties))
				.toArray(String[]::new);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class App {

		@Bean
		RouterFunction<ServerResponse> routed() {
			return RouterFunctions.route()
				.GET("/routed/{kind}", (request) -> ServerResponse.ok().bodyValue(fail(request.pathVariable("kind"))))
				.build();
		}

	}

	@RestController
	static class Controller {

		@GetMapping("/")
		String fine() {
			return "fine";
		}

		@GetMapping("/thrown/{kind}")
		String thrown(@PathVariable String kind) {
			return fail(kind);
		}

		@GetMapping("/mapped/{kind}")
		Mono<String> mapped(@PathVariable String kind) {
			return Mono.just(kind).map(FatalErrorTests::fail);
		}

		@PostMapping("/read/{kind}")
		Mono<String> read(@PathVariable String kind, @RequestBody Mono<String> body) {
			return body.map((text) -> fail(kind));
		}

		@GetMapping("/streamed/{kind}")
		Flux<DataBuffer> streamed(@PathVariable String kind) {
			return Flux.range(0, 10).map((part) -> {
				if (part == 3) {
					fail(kind);
				}
				return DefaultDataBufferFactory.sharedInstance.wrap(new byte[1000]);
			});
		}

	}

}
