package dev.loopline.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the table of docs/configuration.md is that of the metadata. With
 * {@code -Ddocs.renew} it is written.
 */
class ConfigurationDocumentationTests {

	private static final Path PAGE = Path.of("../docs/configuration.md");

	private static final Pattern TABLE = Pattern
		.compile("(?<=<!-- generated from the metadata -->\n\n).*?(?=\n\n<!-- end -->)", Pattern.DOTALL);

	@Test
	void tableIsThatOfMetadata() throws IOException {
		String page = Files.readString(PAGE);
		Matcher shown = TABLE.matcher(page);
		assertThat(shown.find()).as("marks of the table in %s", PAGE).isTrue();
		String table = table();
		if (System.getProperty("docs.renew") != null) {
			Files.writeString(PAGE, page.substring(0, shown.start()) + table + page.substring(shown.end()));
			return;
		}
		assertThat(shown.group())
			.as("table of docs/configuration.md, which this writes anew: "
					+ "mvn -pl autoconfigure -am verify -Dtest=ConfigurationDocumentationTests -Ddocs.renew")
			.isEqualTo(table);
	}

	private static String table() {
		return ConfigurationMetadataTests.readProperties()
			.stream()
			.sorted(Comparator.comparing((property) -> (String) property.get("name")))
			.map(ConfigurationDocumentationTests::row)
			.collect(Collectors.joining("\n", "| property | type | default | meaning |\n|---|---|---|---|\n", ""));
	}

	private static String row(Map<String, Object> property) {
		String type = ((String) property.get("type")).replace('$', '.');
		Object value = property.get("defaultValue");
		return "| `%s` | %s | %s | %s%s |".formatted(property.get("name"), simpleName(type),
				(value != null) ? "`" + value + "`" : "", property.get("description"), values(type));
	}

	private static String simpleName(String type) {
		if (type.contains("<")) {
			return type.startsWith("java.util.List<") ? "list" : "map";
		}
		return type.substring(type.lastIndexOf('.') + 1);
	}

	private static String values(String type) {
		Class<?> resolved = ClassUtils.isPresent(type, null) ? ClassUtils.resolveClassName(type, null) : Object.class;
		if (!resolved.isEnum()) {
			return "";
		}
		List<String> names = Arrays.stream(resolved.getEnumConstants())
			.map((constant) -> "`" + ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
			.toList();
		return " One of " + String.join(", ", names) + ".";
	}

}
