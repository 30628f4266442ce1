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
 * Tests for the examples of docs/tasks.md: they compile, run and are what the page shows.
 */
class TasksPageTests {

	private static final Pattern EXAMPLE = Pattern.compile("\\t\\t// page \\w+\\n(.*?)\\t\\t// page end",
			Pattern.DOTALL);

	@Test
	void pageShowsTheExamples() throws IOException {
		String page = Files.readString(Path.of("../docs/tasks.md"));
		String source = Files.readString(Path.of("src/test/java/dev/loopline/test/TasksPageExamples.java"));
		List<String> examples = EXAMPLE.matcher(source)
			.results()
			.map((MatchResult match) -> match.group(1).replaceAll("(?m)^\\t\\t", ""))
			.toList();
		assertThat(examples).hasSize(7).allSatisfy((example) -> assertThat(page).contains(example));
	}

	@Test
	void examplesRun() {
		try (TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.defaults())) {
			TasksPageExamples.tasks(runtime);
			TasksPageExamples.structure(runtime);
			TasksPageExamples.time(runtime);
			TasksPageExamples.sharing(runtime);
			TasksPageExamples.actors(runtime);
			TasksPageExamples.reactor(runtime);
		}
		TasksPageExamples.testing();
	}

}
