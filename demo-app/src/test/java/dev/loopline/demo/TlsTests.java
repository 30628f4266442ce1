package dev.loopline.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the profile {@code tls}.
 */
@DemoTest
@ActiveProfiles("tls")
class TlsTests {

	@TempDir
	static Path directory;

	@LocalServerPort
	private int port;

	@Autowired
	private SslBundles bundles;

	@DynamicPropertySource
	static void keyStore(DynamicPropertyRegistry properties) throws IOException, InterruptedException {
		Path keyStore = directory.resolve("demo.p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "demo", "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30",
				"-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1", "-storetype", "PKCS12", "-keystore",
				keyStore.toString(), "-storepass", "changeit")
			.redirectErrorStream(true)
			.start();
		String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(keytool.waitFor()).as(output).isZero();
		properties.add("demo.tls.keystore", keyStore::toUri);
	}

	@ParameterizedTest
	@EnumSource
	void clientAndServerAgreeOnVersion(HttpClient.Version version) throws IOException, InterruptedException {
		HttpResponse<String> response = get(version, "/");
		assertThat(response.sslSession()).isPresent();
		assertThat(response.version()).isEqualTo(version);
		assertThat(response.body()).isEqualTo("Hello, World!");
	}

	@ParameterizedTest
	@EnumSource
	void proxyTrustsTheServerItselfToo(HttpClient.Version version) throws IOException, InterruptedException {
		HttpResponse<String> response = get(version, "/proxy?path=/sleep?ms=1");
		assertThat(response.version()).isEqualTo(version);
		assertThat(response.body()).isEqualTo("Slept 1 ms");
	}

	@ParameterizedTest
	@EnumSource
	void streamsEventsInOrder(HttpClient.Version version) throws IOException, InterruptedException {
		assertThat(get(version, "/stream?count=3&ms=1").body()).isEqualTo("data:1\n\ndata:2\n\ndata:3\n\n");
	}

	private HttpResponse<String> get(HttpClient.Version version, String path) throws IOException, InterruptedException {
		HttpClient client = HttpClient.newBuilder()
			.version(version)
			.sslContext(this.bundles.getBundle("demo").createSslContext())
			.build();
		HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + this.port + path))
			.timeout(Duration.ofMinutes(1))
			.build();
		return client.send(request, HttpResponse.BodyHandlers.ofString());
	}

}
