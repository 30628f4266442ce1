package dev.loopline.chart;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.opentest4j.TestAbortedException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A command that not every machine has. The tests that need it are skipped without it,
 * unless <code>helm/check</code> names it as a must in <code>-Dchart.tools</code>.
 */
enum Tool {

	/** Helm 4. */
	HELM(Path.of(".tools/helm/helm")),

	/** Checks Prometheus rules. */
	PROMTOOL(onPath("promtool"));

	private final Path path;

	Tool(Path path) {
		this.path = path;
	}

	String path() {
		if (!Files.isExecutable(this.path)) {
			String message = this.path + " is not there, see helm/check";
			if (System.getProperty("chart.tools", "").contains(name().toLowerCase(Locale.ROOT))) {
				throw new AssertionError(message);
			}
			throw new TestAbortedException(message);
		}
		return this.path.toAbsolutePath().toString();
	}

	private static Path onPath(String name) {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.map((directory) -> Path.of(directory, name))
			.filter(Files::isExecutable)
			.findFirst()
			.orElse(Path.of(name));
	}

	/**
	 * Runs a command to its end, which must be a success, and returns what it printed.
	 */
	static String run(ProcessBuilder builder) {
		try {
			Path output = Files.createTempFile(Path.of("target"), "output", ".txt");
			Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
			boolean ended = process.waitFor(60, TimeUnit.SECONDS);
			process.destroyForcibly();
			String printed = Files.readString(output);
			assertThat(ended).as(printed).isTrue();
			assertThat(process.exitValue()).as(printed).isZero();
			return printed;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
