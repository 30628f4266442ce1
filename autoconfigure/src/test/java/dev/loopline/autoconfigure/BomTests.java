package dev.loopline.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the BOM brings what this build has.
 */
class BomTests {

	private final String parent = read("../pom.xml");

	private final String bom = read("../bom/pom.xml");

	@Test
	void hasEveryPublishedJar() {
		List<String> published = find(this.parent, "<module>(\\w+)</module>").stream()
			.map((module) -> read("../" + module + "/pom.xml"))
			.filter((pom) -> !pom.contains("<maven.deploy.skip>true") && !pom.contains("<packaging>pom"))
			.map((pom) -> find(pom, "<artifactId>([^<]+)").get(1))
			.toList();
		assertThat(published).isNotEmpty();
		assertThat(find(this.bom, "<artifactId>(loopline[^<]+)").subList(2, 2 + published.size()))
			.containsExactlyInAnyOrderElementsOf(published);
	}

	@Test
	void hasTheNettyOfTheBuild() {
		assertThat(find(this.bom, "netty-bom</artifactId>\\s+<version>([^<]+)"))
			.isEqualTo(find(this.parent, "<netty.version>([^<]+)"));
	}

	private static List<String> find(String text, String pattern) {
		return Pattern.compile(pattern).matcher(text).results().map((MatchResult result) -> result.group(1)).toList();
	}

	private static String read(String file) {
		try {
			return Files.readString(Path.of(file));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
