package dev.loopline.chart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the rules that the chart gives to Prometheus.
 */
class RulesTests {

	private static final Path RULES = Chart.DIRECTORY.resolve("rules/loopline.yaml");

	private static final Pattern SERIES = Pattern.compile("\\b(?:loopline|http_server)_\\w+(\\{[^}]*}|)");

	@Test
	void promtoolAcceptsRules() {
		promtool("check", "rules", RULES.toString());
	}

	@Test
	void promtoolRefusesPlantedMistake() throws IOException {
		Path broken = Files.createTempFile(Path.of("target"), "rules", ".yaml");
		Files.writeString(broken, Chart.read(RULES).replace("absent(loopline_workers", "absent((loopline_workers"));
		Tool.PROMTOOL.path();
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> promtool("check", "rules", broken.toString()));
	}

	@Test
	void alertsFireWhenTheyShould() throws IOException {
		Manifest rule = Manifest.only("PrometheusRule", Chart.render(
				Map.of("metrics.prometheusRule.enabled", true, "metrics.prometheusRule.runbookUrl", "RUNBOOK_URL")));
		Files.writeString(Path.of("target", "rules.yaml"), new Yaml().dump(rule.get("spec")));
		promtool("test", "rules", "src/test/rules/loopline.test.yaml");
	}

	@Test
	void everyAlertIsTestedBothWays() {
		String tests = Chart.read(Path.of("src/test/rules/loopline.test.yaml"));
		assertThat(alerts()).allSatisfy((alert) -> {
			String[] uses = tests.split("alertname: " + alert.get("alert") + "\n", -1);
			assertThat(uses).as("%s", alert.get("alert")).hasSizeGreaterThanOrEqualTo(3);
			assertThat(tests).containsPattern("alertname: " + alert.get("alert") + "\n\\s+exp_alerts: \\[\\]");
		});
	}

	@Test
	void everyAlertHasPageInGuide() {
		String guide = Chart.read(Path.of("../docs/operations.md"));
		assertThat(alerts()).allSatisfy((alert) -> {
			String name = (String) alert.get("alert");
			assertThat(guide).contains("### " + name + "\n");
			assertThat(alert.get("annotations")).asString()
				.contains("runbook_url=RUNBOOK_URL#" + name.toLowerCase(Locale.ROOT));
		});
	}

	@Test
	void rulesAskForMetersThatThereAre() {
		String meters = Chart.read(Path.of("../docs/observability.md"));
		String recorded = "loopline_busy_ratio|loopline_schedule_latency_p99_seconds";
		Set<String> asked = Pattern.compile("expr:.*")
			.matcher(Chart.read(RULES))
			.results()
			.flatMap((line) -> Pattern.compile("loopline_\\w+").matcher(line.group()).results())
			.map(MatchResult::group)
			.filter((name) -> !name.matches(recorded))
			.map((name) -> name.replaceFirst("(_seconds)?(_total|_bucket)?$", "").replace('_', '.'))
			.collect(Collectors.toSet());
		assertThat(asked).hasSizeGreaterThan(5).allSatisfy((name) -> assertThat(meters).contains("| `" + name + "` |"));
	}

	@Test
	void chartPassesRulesOn() {
		Manifest rule = Manifest.only("PrometheusRule", Chart.render(Chart.scenario("monitored")));
		List<Map<String, Object>> groups = rule.get("spec", "groups");
		assertThat(groups.toString()).contains("https://wiki.example.org/loopline#looplinestalls")
			.doesNotContain("RUNBOOK_URL");
		assertThat(groups).map((group) -> group.get("name")).containsExactly("loopline.recordings", "loopline.alerts");
	}

	@Test
	void everySelectorIsTheReleasesOrTheUsers() {
		Map<String, Object> enabled = Map.of("metrics.prometheusRule.enabled", true);
		assertThat(selectors(enabled)).hasSizeGreaterThan(10)
			.allMatch((selector) -> selector.startsWith("{namespace=\"shop\", job=\"demo\""));
		Map<String, Object> own = Map.of("metrics.prometheusRule.enabled", true, "metrics.prometheusRule.selector",
				"app=\"demo\"");
		assertThat(selectors(own)).hasSizeGreaterThan(10).allMatch((selector) -> selector.startsWith("{app=\"demo\""));
	}

	/**
	 * What stands behind each name of a series, which is nothing where there is no
	 * selector.
	 */
	private static List<String> selectors(Map<String, ?> values) {
		Manifest rule = Manifest.only("PrometheusRule", Chart.render(values));
		return SERIES.matcher(rule.get("spec", "groups").toString().replaceAll("record=\\w+", ""))
			.results()
			.map((series) -> series.group(1))
			.toList();
	}

	@Test
	void monitorNamesJobAfterRelease() {
		Manifest monitor = Manifest.only("ServiceMonitor", Chart.render(Chart.scenario("monitored")));
		assertThat(monitor.<String>get("spec", "jobLabel")).isEqualTo("app.kubernetes.io/instance");
		assertThat(Manifest.all("Service", Chart.render(Chart.scenario("monitored"))))
			.allSatisfy((service) -> assertThat(service.<String>get("metadata", "labels", "app.kubernetes.io/instance"))
				.isEqualTo(Chart.RELEASE));
	}

	private static List<Map<String, Object>> alerts() {
		List<Map<String, Object>> rules = Manifest.parse(Chart.read(RULES)).get(0).get("groups", 1, "rules");
		assertThat(rules).isNotEmpty();
		return rules;
	}

	private static void promtool(String... arguments) {
		List<String> command = new ArrayList<>(List.of(Tool.PROMTOOL.path()));
		command.addAll(List.of(arguments));
		Tool.run(new ProcessBuilder(command));
	}

}
