package acme;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Web MVC beside WebFlux: Tomcat serves, unless the application is told to be reactive.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
class ServletTests {

	private static final HttpClient client = HttpClient.newHttpClient();

	@Test
	void mockClientIsAnswered(@Autowired MockMvcTester mvc) {
		assertThat(mvc.get().uri("/")).hasBodyTextEqualTo("Hello");
	}

	@Test
	void servletsServe(@LocalServerPort int port) throws Exception {
		assertThat(get(port, "/thread")).doesNotStartWith("loopline");
		assertThat(get(port, "/task")).isEqualTo("42");
		assertThat(get(port, "/job")).isEqualTo("done");
		String body = "b".repeat(1_000_000);
		HttpRequest echo = HttpRequest.newBuilder(uri(port, "/echo")).POST(BodyPublishers.ofString(body)).build();
		assertThat(client.send(echo, BodyHandlers.ofString()).body()).isEqualTo(body);
	}

	@Test
	void clientWorks(@LocalServerPort int port) {
		WebClient webClient = WebClient.builder().clientConnector(new ReactorClientHttpConnector()).build();
		assertThat(webClient.get().uri(uri(port, "/")).retrieve().bodyToMono(String.class).block()).isEqualTo("Hello");
	}

	@Test
	void applicationThatIsToldToBeReactiveRunsOnStrands() throws Exception {
		try (ConfigurableApplicationContext context = SpringApplication.run(Application.class, "--server.port=0",
				"--spring.main.web-application-type=reactive")) {
			int port = ((WebServerApplicationContext) context).getWebServer().getPort();
			assertThat(get(port, "/thread")).startsWith("loopline");
		}
	}

	private static String get(int port, String path) throws Exception {
		return client.send(HttpRequest.newBuilder(uri(port, path)).build(), BodyHandlers.ofString()).body();
	}

	private static URI uri(int port, String path) {
		return URI.create("http://127.0.0.1:" + port + path);
	}

}
