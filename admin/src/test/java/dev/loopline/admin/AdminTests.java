package dev.loopline.admin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import de.codecentric.boot.admin.server.config.EnableAdminServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that Spring Boot Admin, itself on Loopline, has the view and what it asks for.
 * The server registers with itself.
 */
class AdminTests {

	/** What all of its paths begin with; in the browser's tests there is none. */
	private static final String PREFIX = "/admin";

	private final HttpClient client = HttpClient.newHttpClient();

	private ConfigurableApplicationContext context;

	private String address;

	@AfterEach
	void stop() {
		this.context.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "REACTIVE", "SERVLET" })
	void endpointAnswersThroughTheProxy(WebApplicationType type) throws IOException {
		start(type);
		String instance = Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.until(() -> find("\"id\":\"([0-9a-f]{12})\"", get("/instances").body()),
					(id) -> id != null && listsEndpoint(id));
		String endpoint = "/instances/" + instance + "/actuator/loopline";
		assertThat(get(endpoint).body()).contains("\"workers\":[", "\"blockingMaxThreads\":");
		assertThat(get(endpoint + "/history").body()).contains("\"stalls\":[", "\"culprits\":[", "\"foreign\":[");
		assertThat(get(endpoint + "/routes").body()).contains("\"routes\":[");
	}

	@ParameterizedTest
	@EnumSource(names = { "REACTIVE", "SERVLET" })
	void viewIsServed(WebApplicationType type) throws IOException {
		start(type);
		assertThat(get("/sba-settings.js").body()).contains("\"resourcePath\":\"loopline\\/loopline.js\"",
				"\"resourcePath\":\"loopline\\/loopline.css\"");
		assertThat(contentType("/extensions/loopline/loopline.css")).startsWith("text/css");
		String script = "/extensions/loopline/loopline.js";
		assertThat(contentType(script)).endsWith("/javascript");
		Set<String> modules = new TreeSet<>();
		collect(script, find("new URL\\('([^']+)'", get(script).body()), modules);
		assertThat(modules).containsExactly("/loopline/text.js", "/loopline/verdict.js", "/loopline/view.js");
	}

	/**
	 * Collects a module and what it imports. A browser runs modules of that type only.
	 */
	private void collect(String from, String name, Set<String> modules) {
		String path = URI.create(from).resolve(name).toString();
		if (modules.add(path)) {
			assertThat(contentType(path)).endsWith("/javascript");
			Matcher imports = Pattern.compile("from '([^']+)'").matcher(get(path).body());
			while (imports.find()) {
				collect(path, imports.group(1), modules);
			}
		}
	}

	private void start(WebApplicationType type) throws IOException {
		this.address = "http://127.0.0.1:" + freePort();
		this.context = new SpringApplicationBuilder(Admin.class).web(type)
			.run("--server.address=127.0.0.1", "--server.port=" + URI.create(this.address).getPort(),
					"--spring.boot.admin.context-path=" + PREFIX,
					"--spring.boot.admin.client.url=" + this.address + PREFIX,
					"--spring.boot.admin.client.instance.service-base-url=" + this.address,
					"--management.endpoints.web.exposure.include=health,loopline",
					"--spring.thymeleaf.check-template-location=false");
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private boolean listsEndpoint(String instance) {
		return get("/instances/" + instance).body().contains("\"id\":\"loopline\"");
	}

	private String contentType(String path) {
		return get(path).headers().firstValue("Content-Type").orElse("none");
	}

	private HttpResponse<String> get(String path) {
		// With "*/*", paths below /instances are answered with the page
		String type = path.startsWith("/instances") ? "application/json" : "*/*";
		HttpRequest request = HttpRequest.newBuilder(URI.create(this.address + PREFIX + path))
			.header("Accept", type)
			.timeout(Duration.ofSeconds(30))
			.build();
		HttpResponse<String> response = this.client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
		assertThat(response.statusCode()).as(path).isEqualTo(200);
		return response;
	}

	private static String find(String pattern, String text) {
		Matcher matcher = Pattern.compile(pattern).matcher(text);
		return matcher.find() ? matcher.group(1) : null;
	}

	@SpringBootApplication
	@EnableAdminServer
	static class Admin {

	}

}
