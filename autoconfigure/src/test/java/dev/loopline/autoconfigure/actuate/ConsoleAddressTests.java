package dev.loopline.autoconfigure.actuate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.reactive.ConfigurableReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConsoleAddress}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConsoleAddressTests {

	private static final String PATH = "/actuator/loopline/console";

	@TempDir
	private static Path directory;

	private static String keyStore;

	@BeforeAll
	static void createKeyStore() throws IOException, InterruptedException {
		keyStore = directory.resolve("server.p12").toString();
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "server", "-dname", "CN=localhost", "-keyalg", "EC", "-keystore", keyStore,
				"-storepass", "secret")
			.redirectErrorStream(true)
			.start();
		String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(keytool.waitFor()).as(output).isZero();
	}

	@Test
	void isThatOfTheServer(CapturedOutput output) {
		try (TestServer server = start(App.class, "spring.webflux.base-path=app/")) {
			assertAddress(output, "http://127.0.0.1:" + server.port() + "/app" + PATH);
		}
	}

	@Test
	void isThatOfTheManagementServer(CapturedOutput output) {
		try (TestServer server = start(App.class, "management.server.port=0", "management.server.base-path=m/",
				"spring.webflux.base-path=/app")) {
			assertAddress(output, "http://localhost:" + managementPort(server) + "/m" + PATH);
		}
	}

	@Test
	void speaksTlsWhereTheServerDoes(CapturedOutput output) {
		try (TestServer server = start(App.class, "server.ssl.key-store=" + keyStore,
				"server.ssl.key-store-password=secret")) {
			assertAddress(output, "https://127.0.0.1:" + server.port() + PATH);
		}
	}

	@Test
	void managementServerSpeaksTlsAsTheServerDoes(CapturedOutput output) {
		try (TestServer server = start(App.class, "server.ssl.key-store=" + keyStore,
				"server.ssl.key-store-password=secret", "management.server.port=0",
				"management.server.address=127.0.0.1")) {
			assertAddress(output, "https://127.0.0.1:" + managementPort(server) + PATH);
		}
	}

	@Test
	void managementServerNeedNotSpeakTls(CapturedOutput output) {
		try (TestServer server = start(App.class, "server.ssl.key-store=" + keyStore,
				"server.ssl.key-store-password=secret", "management.server.port=0",
				"management.server.ssl.enabled=false", "management.server.ssl.key-store=" + keyStore)) {
			assertAddress(output, "http://localhost:" + managementPort(server) + PATH);
		}
	}

	@Test
	void speaksTlsWhereACustomizerSaysSo(CapturedOutput output) {
		try (TestServer server = start(CustomizedApp.class, "server.address=::1")) {
			assertAddress(output, "https://[0:0:0:0:0:0:0:1]:" + server.port() + PATH);
		}
	}

	@Test
	void isUsableWhereTheServerListensEverywhere(CapturedOutput output) {
		try (TestServer server = start(App.class, "server.address=0.0.0.0")) {
			assertAddress(output, "http://localhost:" + server.port() + PATH);
		}
	}

	@Test
	void isNotThereWithoutManagement(CapturedOutput output) {
		try (TestServer server = start(App.class, "management.server.port=-1")) {
			assertThat(output).doesNotContain("Console at");
		}
	}

	private static TestServer start(Class<?> application, String... properties) {
		String[] all = new String[properties.length + 1];
		System.arraycopy(properties, 0, all, 1, properties.length);
		all[0] = "management.endpoints.web.exposure.include=loopline";
		return TestServer.start(application, all);
	}

	private static void assertAddress(CapturedOutput output, String address) {
		assertThat(output).containsOnlyOnce("Console at").contains("Console at " + address + System.lineSeparator());
	}

	private static int managementPort(TestServer server) {
		return server.context().getEnvironment().getRequiredProperty("local.management.port", int.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

	}

	@Configuration(proxyBeanMethods = false)
	static class CustomizedApp extends App {

		@Bean
		WebServerFactoryCustomizer<ConfigurableReactiveWebServerFactory> tls() {
			return (server) -> {
				Ssl ssl = new Ssl();
				ssl.setKeyStore(keyStore);
				ssl.setKeyStorePassword("secret");
				server.setSsl(ssl);
			};
		}

	}

}
