package dev.loopline.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.UrlResource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the metadata from which development tools complete the properties.
 */
class ConfigurationMetadataTests {

	private final List<Map<String, Object>> properties = readProperties();

	@Test
	void listsEveryKey() {
		assertThat(this.properties).extracting((property) -> property.get("name"))
			.containsExactlyInAnyOrder("loopline.blocking.allow-block", "loopline.blocking.burn-share",
					"loopline.blocking.keep-alive", "loopline.blocking.max-threads",
					"loopline.blocking.max-virtual-threads", "loopline.blocking.max-wait",
					"loopline.blocking.queue-capacity", "loopline.blocking.threads",
					"loopline.client.deadlines.enabled", "loopline.client.deadlines.header", "loopline.client.limits",
					"loopline.clients.apache-http", "loopline.clients.grpc", "loopline.clients.grpc-server",
					"loopline.clients.jdk-http", "loopline.clients.jetty-http", "loopline.clients.lettuce",
					"loopline.clients.mongodb", "loopline.clients.r2dbc", "loopline.clients.reactor-netty",
					"loopline.clients.rsocket", "loopline.clients.rsocket-server", "loopline.coop.budget",
					"loopline.coop.quantum", "loopline.drill.enabled", "loopline.enabled", "loopline.event-interval",
					"loopline.flavour", "loopline.global-queue-interval", "loopline.idle-spin",
					"loopline.netty.batch-flushes", "loopline.netty.transport", "loopline.reactor.bounded-elastic",
					"loopline.reactor.schedulers", "loopline.security.passwords", "loopline.shutdown.delay",
					"loopline.stall.application-packages", "loopline.stall.foreign",
					"loopline.stall.framework-packages", "loopline.stall.log", "loopline.stall.threshold",
					"loopline.thread-name-prefix", "loopline.tracing.enabled", "loopline.tracing.tasks",
					"loopline.web.admission.client-header", "loopline.web.admission.priority-header",
					"loopline.web.admission.target", "loopline.web.blocking-routes",
					"loopline.web.connections.body-timeout", "loopline.web.connections.header-timeout",
					"loopline.web.connections.idle-timeout", "loopline.web.connections.malformed-log-interval",
					"loopline.web.connections.max", "loopline.web.connections.max-headers",
					"loopline.web.connections.write-timeout", "loopline.web.coroutines",
					"loopline.web.deadlines.enabled", "loopline.web.deadlines.header", "loopline.web.hardening",
					"loopline.web.learn-blocking-routes", "loopline.web.limits", "loopline.web.overload",
					"loopline.web.priority.critical", "loopline.web.priority.normal", "loopline.web.priority.sheddable",
					"loopline.web.shared-rates.prefix", "loopline.web.shared-rates.replicas",
					"loopline.web.shared-rates.timeout", "loopline.web.short-way",
					"loopline.web.skip-endpoint-matching", "loopline.web.strand-per-stream", "loopline.workers",
					"management.endpoint.loopline.access", "management.endpoint.loopline.cache.time-to-live");
	}

	@Test
	void everyKeyHasDescriptionInPlainText() {
		assertThat(this.properties).allSatisfy((property) -> assertThat((String) property.get("description"))
			.as("description of %s", property.get("name"))
			.isNotBlank()
			.endsWith(".")
			.doesNotContain("{@", "<", "Default"));
	}

	@Test
	void everyKeyButCollectionsHasDefault() {
		assertThat(this.properties)
			.filteredOn((property) -> !((String) property.get("type")).matches("java\\.util\\.(List|Map)<.*"))
			.allSatisfy(
					(property) -> assertThat(property.get("defaultValue")).as("%s", property.get("name")).isNotNull());
	}

	/**
	 * What a Boolean and an enum may be, tools know by themselves.
	 */
	@Test
	void numbersAndDurationsHaveHints() {
		assertThat(read("hints")).extracting((hint) -> hint.get("name"))
			.containsAll(this.properties.stream()
				.filter((property) -> property.get("type").toString().matches(".*(Integer|Double|Duration)"))
				.map((property) -> property.get("name"))
				.filter((name) -> name.toString().startsWith("loopline."))
				.toList());
	}

	@Test
	void hintsAreOfKeysThatThereAre() {
		assertThat(this.properties).extracting((property) -> property.get("name"))
			.containsAll(read("hints").stream().map((hint) -> hint.get("name")).toList());
	}

	static List<Map<String, Object>> readProperties() {
		return read("properties");
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> read(String group) {
		try (InputStream json = metadata().getInputStream()) {
			Map<String, Object> metadata = new JsonMapper().readValue(json, Map.class);
			return (List<Map<String, Object>>) metadata.get(group);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Other modules have a resource of the same name.
	 */
	private static Resource metadata() throws IOException {
		String ours = new ClassPathResource("TaskRuntimeProperties.class", TaskRuntimeProperties.class).getURL()
			.toString();
		String root = ours.substring(0,
				ours.length() - "dev/loopline/autoconfigure/TaskRuntimeProperties.class".length());
		return new UrlResource(root + "META-INF/spring-configuration-metadata.json");
	}

}
