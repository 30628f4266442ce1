package acme;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process that restarts its application when classes change.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DevtoolsTests {

	private static final Pattern STARTED = Pattern.compile("Netty started on port (\\d+)");

	private static final Path CHANGED = Path.of("target", "classes", "changed.txt");

	@Test
	void restartedApplicationServes() throws Exception {
		Files.writeString(CHANGED, "at first");
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
				"acme.Application", "--server.port=0", "--server.address=127.0.0.1",
				"--spring.devtools.livereload.enabled=false")
			.redirectErrorStream(true)
			.start();
		Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
		try (BufferedReader output = process.inputReader()) {
			String first = instance(output);
			Files.writeString(CHANGED, "another time");
			assertThat(instance(output)).isNotEqualTo(first);
		}
		finally {
			process.destroy();
			process.waitFor();
		}
	}

	private static String instance(BufferedReader output) throws IOException, InterruptedException {
		StringBuilder seen = new StringBuilder();
		for (String line; (line = output.readLine()) != null; seen.append(line).append('\n')) {
			Matcher started = STARTED.matcher(line);
			if (started.find()) {
				URI uri = URI.create("http://127.0.0.1:" + started.group(1) + "/instance");
				HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
				return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
			}
		}
		throw new AssertionError("It ended: " + seen);
	}

}
