package dev.loopline.chart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;

/**
 * The chart under test, rendered by Helm 3.
 */
final class Chart {

	static final Path DIRECTORY = Path.of("loopline-app").toAbsolutePath();

	static final String RELEASE = "demo";

	static final String NAMESPACE = "shop";

	/** The oldest that the chart is for. */
	static final String KUBE_VERSION = "1.27.0";

	private Chart() {
	}

	/** Every scenario that the chart must render for. */
	static List<Path> scenarios() {
		try (Stream<Path> files = Files.list(DIRECTORY.resolve("ci"))) {
			return Stream.concat(files, Stream.of(DIRECTORY.resolve("values-own-app.yaml"))).sorted().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static Path scenario(String name) {
		return DIRECTORY.resolve("ci").resolve(name + "-values.yaml");
	}

	/** Renders everything but hooks, which Helm 3's library leaves out. */
	static String render(Path values) {
		return template().withValuesFile(values).call();
	}

	static String render(Map<String, ?> values) {
		TemplateCommand command = template();
		values.forEach(command::set);
		return command.call();
	}

	private static TemplateCommand template() {
		return new Helm(DIRECTORY).template().withKubeVersion(KUBE_VERSION).withName(RELEASE).withNamespace(NAMESPACE);
	}

	static String notes() {
		String output = new Helm(DIRECTORY).install()
			.clientOnly()
			.withDryRunOption(DryRun.CLIENT)
			.withKubeVersion(KUBE_VERSION)
			.withName(RELEASE)
			.withNamespace(NAMESPACE)
			.call()
			.getOutput();
		return output.substring(output.indexOf("NOTES:"));
	}

	static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
