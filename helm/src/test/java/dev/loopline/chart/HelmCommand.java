package dev.loopline.chart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The Helm 4 command, where <code>helm/check</code> has fetched it.
 */
final class HelmCommand {

	private final String executable;

	private final Path home;

	private HelmCommand(String executable) {
		this.executable = executable;
		try {
			this.home = Files.createTempDirectory(Path.of("target"), "helm");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Finds the command or skips the test. */
	static HelmCommand find() {
		return new HelmCommand(Tool.HELM.path());
	}

	void withKubeConfig(String content) {
		try {
			Files.writeString(this.home.resolve("config.yaml"), content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Runs the command, which must succeed, and returns what it printed. */
	String run(String... arguments) {
		List<String> command = new ArrayList<>(List.of(this.executable));
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command);
		for (String variable : List.of("HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME")) {
			builder.environment().put(variable, this.home.toAbsolutePath().toString());
		}
		builder.environment().put("KUBECONFIG", this.home.resolve("config.yaml").toAbsolutePath().toString());
		return Tool.run(builder);
	}

}
