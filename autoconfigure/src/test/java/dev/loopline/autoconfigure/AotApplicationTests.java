package dev.loopline.autoconfigure;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplicationAotProcessor;
import org.springframework.context.aot.AbstractAotProcessor.Settings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that an application starts from what was generated ahead of time.
 */
class AotApplicationTests {

	private static final String[] ARGUMENTS = { "--server.port=0", "--server.address=127.0.0.1", "--loopline.workers=2",
			"--loopline.drill.enabled=false", "--management.endpoints.web.exposure.include=loopline" };

	@TempDir
	private Path work;

	@Test
	void applicationStartsFromWhatWasGenerated() throws Exception {
		Path sources = this.work.resolve("sources");
		Path classes = this.work.resolve("classes");
		Path resources = this.work.resolve("resources");
		Settings settings = Settings.builder()
			.sourceOutput(sources)
			.classOutput(classes)
			.resourceOutput(resources)
			.groupId("com.example")
			.artifactId("demo")
			.build();
		new SpringApplicationAotProcessor(AotApplication.class, settings, ARGUMENTS).process();
		compile(sources, classes);
		assertThat(run(classes, resources)).contains("Generated: true")
			.contains("/hello: On a strand")
			.contains("/actuator/loopline: {")
			.contains("/actuator/loopline/console: <!DOCTYPE html>");
	}

	private static void compile(Path sources, Path classes) throws IOException {
		Files.createDirectories(classes);
		List<String> arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp",
				classes + File.pathSeparator + System.getProperty("java.class.path")));
		try (Stream<Path> files = Files.walk(sources)) {
			files.filter((file) -> file.toString().endsWith(".java")).map(Path::toString).forEach(arguments::add);
		}
		assertThat(ToolProvider.getSystemJavaCompiler()
			.run(null, System.out, System.err, arguments.toArray(String[]::new))).isZero();
	}

	private String run(Path classes, Path resources) throws Exception {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
						"-XX:TieredStopAtLevel=1", "-Dspring.aot.enabled=true", "-cp", String.join(File.pathSeparator,
								classes.toString(), resources.toString(), System.getProperty("java.class.path")),
						AotApplication.class.getName()));
		command.addAll(List.of(ARGUMENTS));
		Path output = this.work.resolve("output");
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
		boolean ended = process.waitFor(5, TimeUnit.MINUTES);
		process.destroyForcibly();
		String printed = Files.readString(output);
		assertThat(ended).as(printed).isTrue();
		assertThat(process.exitValue()).as(printed).isZero();
		return printed;
	}

}
