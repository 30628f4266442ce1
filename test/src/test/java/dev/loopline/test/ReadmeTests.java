package dev.loopline.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the examples of the README: they compile, run and are what the README shows.
 */
class ReadmeTests {

	private static final Pattern EXAMPLE = Pattern.compile("\\t\\t// README \\w+\\n(.*?)\\t\\t// README end",
			Pattern.DOTALL);

	@Test
	void readmeShowsTheExamples() throws IOException {
		String readme = Files.readString(Path.of("../README.md"));
		String source = Files.readString(Path.of("src/test/java/dev/loopline/test/ReadmeExamples.java"));
		List<String> examples = EXAMPLE.matcher(source)
			.results()
			.map((MatchResult match) -> match.group(1).replaceAll("(?m)^\\t\\t", ""))
			.toList();
		assertThat(examples).hasSize(7).allSatisfy((example) -> assertThat(readme).contains(example));
	}

	@Test
	void examplesRun() {
		try (TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.defaults())) {
			ReadmeExamples.tasks(runtime);
			ReadmeExamples.structure(runtime);
			ReadmeExamples.time(runtime);
			ReadmeExamples.sharing(runtime);
			ReadmeExamples.actors(runtime);
			ReadmeExamples.reactor(runtime);
		}
		ReadmeExamples.testing();
	}

}
