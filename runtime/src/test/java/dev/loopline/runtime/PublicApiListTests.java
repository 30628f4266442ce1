package dev.loopline.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the list of what is public: a change of it must be seen and meant. The test
 * writes what it found to {@code target/public-api.txt}, to be copied if it is meant.
 */
class PublicApiListTests {

	private static final String LIST = "public-api.txt";

	@Test
	void nothingBecomesPublicOrChangesUnseen() throws IOException {
		List<String> found = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
			.importPackagesOf(TaskRuntime.class)
			.stream()
			.map(JavaClass::reflect)
			.filter(PublicApiListTests::isPublic)
			.flatMap(PublicApiListTests::lines)
			.sorted()
			.toList();
		Files.write(Path.of("target", LIST), found);
		assertThat(found).as("what is public, beside src/test/resources/dev/loopline/runtime/" + LIST)
			.isEqualTo(listed());
	}

	private static List<String> listed() throws IOException {
		try (InputStream list = Objects.requireNonNull(PublicApiListTests.class.getResourceAsStream(LIST))) {
			return new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
		}
	}

	private static boolean isPublic(Class<?> type) {
		return !type.getName().contains(".internal.") && Modifier.isPublic(type.getModifiers())
				&& (type.getDeclaringClass() == null || isPublic(type.getDeclaringClass()));
	}

	private static Stream<String> lines(Class<?> type) {
		Stream<Executable> executables = Stream.concat(Arrays.stream(type.getDeclaredConstructors()),
				Arrays.stream(type.getDeclaredMethods()));
		Stream<String> members = Stream.concat(
				executables.filter(PublicApiListTests::isSeen).map(Executable::toGenericString),
				Arrays.stream(type.getDeclaredFields()).filter(PublicApiListTests::isSeen).map(Field::toGenericString));
		return Stream.concat(Stream.of(type.getName()), members.map((member) -> type.getName() + ": " + member));
	}

	private static boolean isSeen(Member member) {
		return !member.isSynthetic()
				&& (Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers()));
	}

}
