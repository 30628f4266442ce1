package dev.loopline.chart;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the chart renders.
 */
class RenderTests {

	static List<Path> scenarios() {
		return Chart.scenarios();
	}

	@Test
	void passesStrictLint() {
		LintResult result = new Helm(Chart.DIRECTORY).lint().strict().call();
		assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
	}

	@ParameterizedTest
	@MethodSource("scenarios")
	void rendersNothingThatKubernetesWouldRefuse(Path values) {
		List<Manifest> manifests = Manifest.parse(Chart.render(values));
		assertThat(manifests).isNotEmpty().allSatisfy(StrictSchema::check);
	}

	@ParameterizedTest
	@MethodSource("scenarios")
	void namesEveryObjectOnce(Path values) {
		assertThat(Manifest.parse(Chart.render(values))).map(Manifest::toString).doesNotHaveDuplicates();
	}

	@ParameterizedTest
	@MethodSource("scenarios")
	void connectsServiceToPods(Path values) {
		String rendered = Chart.render(values);
		Manifest deployment = Manifest.only("Deployment", rendered);
		Map<String, String> podLabels = deployment.get("spec", "template", "metadata", "labels");
		assertThat(podLabels).containsAllEntriesOf(deployment.get("spec", "selector", "matchLabels"));
		assertThat(podLabels).containsAllEntriesOf(Manifest.only("Service", rendered).get("spec", "selector"));
		Manifest.parse(rendered)
			.stream()
			.filter((manifest) -> manifest.kind().equals("PodDisruptionBudget"))
			.forEach((budget) -> assertThat(podLabels)
				.containsAllEntriesOf(budget.get("spec", "selector", "matchLabels")));
	}

	@ParameterizedTest
	@MethodSource("scenarios")
	void keepsToRestrictedPodSecurity(Path values) {
		Manifest deployment = Manifest.only("Deployment", Chart.render(values));
		RestrictedPods.check(new Manifest(deployment.get("spec", "template")));
	}

	@Test
	void rendersDefaultsAsBefore() {
		Golden.file("default.yaml").matches(Chart.render(Chart.scenario("default")));
	}

	@Test
	void printsNextSteps() {
		Golden.file("default.txt").matches(Chart.notes());
	}

	@Test
	void restartsPodsWhenConfigurationChanges() {
		assertThat(checksum(Map.of("workers", 1))).isEqualTo(checksum(Map.of("workers", 1)))
			.isNotEqualTo(checksum(Map.of("workers", 2)));
	}

	private static String checksum(Map<String, ?> values) {
		return Manifest.only("Deployment", Chart.render(values))
			.get("spec", "template", "metadata", "annotations", "checksum/config");
	}

	@Test
	void lastWordOnConfigurationIsTheUsers() {
		Manifest configMap = Manifest.parse(Chart.render(Map.of("config.server.shutdown", "immediate")))
			.stream()
			.filter((manifest) -> manifest.kind().equals("ConfigMap"))
			.findFirst()
			.orElseThrow();
		Manifest config = Manifest.parse(configMap.get("data", "application.yaml")).get(0);
		assertThat(config.<String>get("server", "shutdown")).isEqualTo("immediate");
		assertThat(config.<Integer>get("server", "port")).isEqualTo(8080);
	}

	@Test
	void leavesNumberOfPodsToAutoscaler() {
		Manifest deployment = Manifest.only("Deployment", Chart.render(Chart.scenario("autoscaled")));
		assertThat(deployment.find("spec", "replicas")).isNull();
	}

	@Test
	void leavesSinglePodWithoutBudget() {
		assertThat(Manifest.parse(Chart.render(Chart.scenario("single")))).map(Manifest::kind)
			.doesNotContain("PodDisruptionBudget");
	}

	@Test
	void ownApplicationTakesTenLines() {
		assertThat(Chart.read(Chart.DIRECTORY.resolve("values-own-app.yaml"))
			.lines()
			.filter((line) -> !line.startsWith("#"))).hasSizeLessThanOrEqualTo(10);
	}

}
