package dev.loopline.chart;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that Helm 4 thinks of the chart as Helm 3 does.
 */
class HelmCommandTests {

	static List<Path> scenarios() {
		return Chart.scenarios();
	}

	@ParameterizedTest
	@MethodSource("scenarios")
	void passesStrictLint(Path values) {
		HelmCommand.find().run("lint", "--strict", Chart.DIRECTORY.toString(), "-f", values.toString());
	}

	@ParameterizedTest
	@MethodSource("scenarios")
	void rendersTheSame(Path values) {
		assertThat(render(values)).filteredOn((manifest) -> !isTest(manifest))
			.containsExactlyInAnyOrderElementsOf(Manifest.parse(Chart.render(values)));
	}

	@ParameterizedTest
	@MethodSource("scenarios")
	void rendersTestPods(Path values) {
		List<Manifest> pods = render(values).stream().filter(HelmCommandTests::isTest).toList();
		assertThat(pods).hasSize(values.endsWith("single-values.yaml") ? 0 : 3)
			.allSatisfy(StrictSchema::check)
			.allSatisfy(RestrictedPods::check);
	}

	private static List<Manifest> render(Path values) {
		return Manifest.parse(HelmCommand.find()
			.run("template", Chart.RELEASE, Chart.DIRECTORY.toString(), "-n", Chart.NAMESPACE, "-f",
					values.toString()));
	}

	private static boolean isTest(Manifest manifest) {
		return "test".equals(manifest.find("metadata", "annotations", "helm.sh/hook"));
	}

}
