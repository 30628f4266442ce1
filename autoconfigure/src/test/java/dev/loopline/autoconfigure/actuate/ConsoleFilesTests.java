package dev.loopline.autoconfigure.actuate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConsoleFiles} and what is in them.
 */
class ConsoleFilesTests {

	private static final Path FOLDER = Path.of("src/main/resources/dev/loopline/console");

	private static final Pattern TERM = Pattern.compile("^\\t'([a-z ]+)': '(.*)',$", Pattern.MULTILINE);

	private static final Pattern ROW = Pattern.compile("^\\| ([a-z, -]+) \\| ([^|]+) \\|", Pattern.MULTILINE);

	private static final Pattern USE = Pattern.compile("(?:data-term=\"|term: ')([a-z ]+)[\"']");

	@Test
	void everyFileIsServed() throws IOException {
		try (Stream<Path> files = Files.list(FOLDER)) {
			assertThat(files.map((file) -> file.getFileName().toString().replace(".html", "")))
				.allSatisfy((name) -> assertThat(ConsoleFiles.find(name)).isNotNull()
					.extracting("body")
					.isInstanceOfSatisfying(ClassPathResource.class, (file) -> assertThat(file.exists()).isTrue()));
		}
		assertThat(ConsoleFiles.find("console.html")).isNull();
		assertThat(ConsoleFiles.find("../console/console.js")).isNull();
	}

	@Test
	void pageStaysSmall() throws IOException {
		try (Stream<Path> files = Files.list(FOLDER)) {
			assertThat(files.mapToLong((file) -> file.toFile().length()).sum()).isLessThan(100_000);
		}
		assertThat(FOLDER.resolve("flame.js").toFile().length()).isLessThan(6 * 1024);
	}

	@Test
	void wordsMeanWhatTheGlossarySays() throws IOException {
		Map<String, String> glossary = read(ROW, Path.of("../docs/glossary.md"));
		Map<String, String> terms = read(TERM, FOLDER.resolve("glossary.js"));
		assertThat(terms).isNotEmpty().allSatisfy((term, meaning) -> assertThat(glossary).containsEntry(term, meaning));
	}

	@Test
	void wordsThatAreMarkedHaveAMeaning() throws IOException {
		Map<String, String> terms = read(TERM, FOLDER.resolve("glossary.js"));
		String uses = Files.readString(FOLDER.resolve("console.html")) + Files.readString(FOLDER.resolve("console.js"));
		assertThat(USE.matcher(uses).results().map((use) -> use.group(1))).containsAll(terms.keySet())
			.isSubsetOf(terms.keySet());
	}

	private static Map<String, String> read(Pattern pattern, Path file) throws IOException {
		Map<String, String> found = new TreeMap<>();
		Matcher matcher = pattern.matcher(Files.readString(file));
		while (matcher.find()) {
			for (String term : matcher.group(1).split(", ")) {
				found.put(term, matcher.group(2).replaceAll("[`*]", "").replace("\\'", "'"));
			}
		}
		return found;
	}

}
