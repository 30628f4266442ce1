package dev.loopline.chart;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * One rendered object.
 *
 * @param content the object as YAML has it
 */
record Manifest(Map<String, Object> content) {

	/**
	 * Parses a stream of documents. A key that is there twice is an error.
	 */
	@SuppressWarnings("unchecked")
	static List<Manifest> parse(String yaml) {
		LoaderOptions options = new LoaderOptions();
		options.setAllowDuplicateKeys(false);
		Iterable<Object> documents = new Yaml(new SafeConstructor(options)).loadAll(yaml);
		return StreamSupport.stream(documents.spliterator(), false)
			.filter(Objects::nonNull)
			.map((document) -> new Manifest((Map<String, Object>) document))
			.toList();
	}

	static List<Manifest> all(String kind, String yaml) {
		return parse(yaml).stream().filter((manifest) -> manifest.kind().equals(kind)).toList();
	}

	static Manifest only(String kind, String yaml) {
		List<Manifest> found = all(kind, yaml);
		if (found.size() != 1) {
			throw new AssertionError("Want one " + kind + ", there are " + found.size());
		}
		return found.get(0);
	}

	String apiVersion() {
		return (String) get("apiVersion");
	}

	String kind() {
		return (String) get("kind");
	}

	String name() {
		return (String) get("metadata", "name");
	}

	/**
	 * Walks down to a value by keys of maps and indexes of lists.
	 */
	@SuppressWarnings("unchecked")
	<T> T get(Object... path) {
		Object value = find(path);
		if (value == null) {
			throw new AssertionError("There is no " + List.of(path) + " in " + this.content);
		}
		return (T) value;
	}

	@Nullable Object find(Object... path) {
		Object value = this.content;
		for (Object step : path) {
			if (value instanceof Map<?, ?> map) {
				value = map.get(step);
			}
			else if (value instanceof List<?> list && step instanceof Integer index && index < list.size()) {
				value = list.get(index);
			}
			else {
				return null;
			}
		}
		return value;
	}

	@Override
	public String toString() {
		return kind() + "/" + name();
	}

}
