package dev.loopline.chart;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the README's table and the schema know every value, and no other.
 */
class ValuesDocumentationTests {

	private static final String BEGIN = "<!-- values: generated from values.yaml -->\n";

	private static final String END = "<!-- end of values -->\n";

	private final List<ValuesComments.Value> values = ValuesComments
		.parse(Chart.read(Chart.DIRECTORY.resolve("values.yaml")));

	@Test
	void everyValueHasComment() {
		assertThat(this.values).isNotEmpty()
			.allSatisfy((value) -> assertThat(value.comment()).as(value.key()).isNotBlank());
	}

	@Test
	void readmeShowsEveryValue() {
		Path readme = Chart.DIRECTORY.resolve("README.md");
		String text = Chart.read(readme);
		String table = this.values.stream()
			.map((value) -> "| `%s` | %s | %s |%n".formatted(value.key(), value.literal(), value.comment()))
			.collect(Collectors.joining("", "| value | default | meaning |\n|---|---|---|\n", ""));
		String head = text.substring(0, text.indexOf(BEGIN) + BEGIN.length());
		new Golden(readme).matches(head + table + text.substring(text.indexOf(END)));
	}

	@Test
	@SuppressWarnings("unchecked")
	void schemaKnowsTheSameValues() {
		Map<String, Object> schema = Manifest.parse(Chart.read(Chart.DIRECTORY.resolve("values.schema.json")))
			.get(0)
			.content();
		Map<String, Object> defaults = Manifest.parse(Chart.read(Chart.DIRECTORY.resolve("values.yaml")))
			.get(0)
			.content();
		((Map<String, Object>) schema.get("properties")).remove("global"); // which charts
																			// share
		defaults.remove("global");
		compare("", schema, defaults);
	}

	@SuppressWarnings("unchecked")
	private static void compare(String path, Map<String, Object> schema, Map<String, Object> defaults) {
		Map<String, Object> properties = (Map<String, Object>) schema.get("properties");
		if (properties != null) {
			assertThat(schema.get("additionalProperties")).as("values %s", path).isEqualTo(false);
			assertThat(properties.keySet()).as("values %s", path).containsAll(defaults.keySet());
			if (path.isEmpty()) {
				assertThat(defaults.keySet()).containsAll(properties.keySet());
			}
			defaults.forEach((key, value) -> {
				if (value instanceof Map<?, ?> child) {
					compare(path + "/" + key, (Map<String, Object>) properties.get(key), (Map<String, Object>) child);
				}
			});
		}
	}

}
