package dev.loopline.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the starter, which is a list of dependencies and nothing else.
 */
class StarterTests {

	private static final Path STARTER = Path.of("..", "starter");

	@Test
	void hasNoSources() {
		assertThat(STARTER.resolve("src")).doesNotExist();
	}

	@Test
	void bringsTheAutoConfigurationAndWhatItIsFor() throws IOException {
		assertThat(Files.readString(STARTER.resolve("pom.xml"))).contains(
				"<artifactId>loopline-spring-boot-autoconfigure</artifactId>",
				"<artifactId>spring-boot-starter-actuator</artifactId>",
				"<artifactId>spring-boot-starter-webflux</artifactId>",
				"<Spring-Boot-Jar-Type>dependencies-starter</Spring-Boot-Jar-Type>");
	}

}
