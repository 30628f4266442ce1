package dev.loopline.chart;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
	void connectsServicesToPods(Path values) {
		String rendered = Chart.render(values);
		Manifest deployment = Manifest.only("Deployment", rendered);
		Map<String, String> podLabels = deployment.get("spec", "template", "metadata", "labels");
		assertThat(podLabels).containsAllEntriesOf(deployment.get("spec", "selector", "matchLabels"));
		assertThat(Manifest.all("Service", rendered)).hasSize(2)
			.allSatisfy((service) -> assertThat(podLabels).containsAllEntriesOf(service.get("spec", "selector")));
		Manifest.all("PodDisruptionBudget", rendered)
			.forEach((budget) -> assertThat(podLabels)
				.containsAllEntriesOf(budget.get("spec", "selector", "matchLabels")));
	}

	@Test
	void globalRegistryWinsAndGlobalSecretsComeFirst() {
		Manifest deployment = Manifest.only("Deployment", Chart.render(Chart.scenario("everything")));
		assertThat(deployment.<String>get("spec", "template", "spec", "containers", 0, "image"))
			.startsWith("mirror.example.org/shop/front@sha256:");
		assertThat(deployment.<Object>get("spec", "template", "spec", "imagePullSecrets"))
			.hasToString("[{name=mirror}, {name=registry}]");
		assertThat(deployment.<Object>get("spec", "template", "spec", "containers", 0, "envFrom"))
			.hasToString("[{configMapRef={name=shop-settings}}, {secretRef={name=shop-passwords}}, "
					+ "{secretRef={name=shop}}]");
	}

	@Test
	void leavesUserToOpenShift() {
		Manifest deployment = Manifest.only("Deployment", Chart.render(Chart.scenario("openshift")));
		assertThat(deployment.<Object>get("spec", "template", "spec", "securityContext"))
			.hasToString("{runAsNonRoot=true, seccompProfile={type=RuntimeDefault}}");
	}

	@Test
	void probesOfOnesOwnTakeThePlaceOfTheActuators() {
		Manifest deployment = Manifest.only("Deployment", Chart.render(Chart.scenario("openshift")));
		Map<String, Object> container = deployment.get("spec", "template", "spec", "containers", 0);
		assertThat(container.get("startupProbe")).asString()
			.contains("tcpSocket", "periodSeconds=1")
			.doesNotContain("httpGet");
		assertThat(container.get("livenessProbe")).asString().contains("path=/alive").doesNotContain("actuator");
		assertThat(container.get("readinessProbe")).asString().contains("exec").doesNotContain("httpGet");
	}

	@Test
	void portOfNodesAndRangesAreTheLoadBalancersAlone() {
		Manifest service = Manifest.all("Service", Chart.render(Chart.scenario("exposed")))
			.stream()
			.filter((candidate) -> ports(candidate).contains("http"))
			.findFirst()
			.orElseThrow();
		assertThat(service.<Object>get("spec", "loadBalancerSourceRanges"))
			.hasToString("[203.0.113.0/24, 2001:db8::/32]");
		assertThat(service.<Integer>get("spec", "ports", 0, "nodePort")).isEqualTo(30080);
		assertThat(Chart.render(Map.of("service.nodePort", 30080))).doesNotContain("nodePort");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ClusterIP", "NodePort", "LoadBalancer" })
	void keepsManagementPortInTheCluster(String type) {
		List<Manifest> services = Manifest.all("Service", Chart.render(Map.of("service.type", type)));
		assertThat(services).extracting((service) -> service.get("spec", "type") + " " + ports(service))
			.containsExactlyInAnyOrder(type + " [http]", "ClusterIP [management]");
	}

	private static List<Object> ports(Manifest service) {
		List<Map<String, Object>> ports = service.get("spec", "ports");
		return ports.stream().map((port) -> port.get("name")).toList();
	}

	@ParameterizedTest
	@ValueSource(strings = { "monitored", "secured" })
	void monitorFindsManagementServiceAlone(String scenario) {
		String rendered = Chart.render(Chart.scenario(scenario));
		Manifest monitor = Manifest.only("ServiceMonitor", rendered);
		Map<String, String> wanted = monitor.get("spec", "selector", "matchLabels");
		assertThat(Manifest.all("Service", rendered))
			.filteredOn((service) -> service.<Map<String, String>>get("metadata", "labels")
				.entrySet()
				.containsAll(wanted.entrySet()))
			.singleElement()
			.satisfies((service) -> assertThat(ports(service))
				.containsExactly(monitor.<String>get("spec", "endpoints", 0, "port")));
	}

	@ParameterizedTest
	@CsvSource({ "config.server.ssl.bundle, tls, config.management.server.ssl.enabled, true, HTTPS",
			"config.server.ssl.bundle, tls, config.management.server.ssl.enabled, false, HTTP",
			"config.server.ssl.bundle, tls, config.server.ssl.enabled, false, HTTP",
			"config.server\\.ssl\\.bundle, tls, config.a, b, HTTPS",
			"config.management.server.ssl.bundle, tls, config.a, b, HTTPS",
			"config.server.ssl.bundle, tls, management.scheme, HTTP, HTTP",
			"config.a, b, management.scheme, HTTPS, HTTPS", "config.a, b, management.scheme, '', HTTP",
			"extraEnv[0].name, SERVER_SSL_BUNDLE, extraEnv[0].value, tls, HTTPS",
			"extraArgs[0], --server.ssl.bundle=tls, config.a, b, HTTPS" })
	void probesSpeakWhatManagementPortSpeaks(String key, String value, String otherKey, String otherValue,
			String scheme) {
		Manifest deployment = Manifest.only("Deployment", Chart.render(Map.of(key, value, otherKey, otherValue)));
		for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
			Object rendered = deployment.find("spec", "template", "spec", "containers", 0, probe, "httpGet", "scheme");
			assertThat(rendered).as(probe).isEqualTo(scheme.equals("HTTP") ? null : scheme);
		}
	}

	@Test
	void scrapesOverHttps() {
		Manifest monitor = Manifest.only("ServiceMonitor", Chart.render(Chart.scenario("secured")));
		assertThat(monitor.<String>get("spec", "endpoints", 0, "scheme")).isEqualTo("https");
		assertThat(monitor.<String>get("spec", "endpoints", 0, "tlsConfig", "ca", "secret", "name"))
			.isEqualTo("demo-tls");
	}

	@Test
	void recreatesWithoutRollingUpdate() {
		Manifest deployment = Manifest.only("Deployment", Chart.render(Map.of("strategy.type", "Recreate")));
		assertThat(deployment.<Object>get("spec", "strategy")).isEqualTo(Map.of("type", "Recreate"));
	}

	@Test
	void ownApplicationIsLabelledAsItself() {
		assertThat(Manifest.parse(Chart.render(Chart.DIRECTORY.resolve("values-own-app.yaml"))))
			.allSatisfy((manifest) -> assertThat(manifest.<String>get("metadata", "labels", "app.kubernetes.io/name"))
				.isEqualTo("my-app"));
	}

	@Test
	void labelsOfItsOwnWin() {
		String rendered = Chart.render(Chart.scenario("secured"));
		assertThat(label(Manifest.only("ServiceAccount", rendered), "app.kubernetes.io/version")).isEqualTo("7");
		assertThat(label(Manifest.only("ServiceMonitor", rendered), "app.kubernetes.io/managed-by"))
			.isEqualTo("platform");
		Manifest pods = new Manifest(Manifest.only("Deployment", rendered).get("spec", "template"));
		assertThat(label(pods, "team")).isEqualTo("front");
		assertThat(pods.<String>get("metadata", "annotations", "checksum/config")).hasSize(64);
	}

	private static String label(Manifest manifest, String name) {
		return manifest.get("metadata", "labels", name);
	}

	@Test
	void variableForTheJvmIsTheUsersWhereTheChartHasNone() {
		Manifest deployment = Manifest.only("Deployment", Chart.render(
				Map.of("jvmOptions", "null", "extraEnv[0].name", "JAVA_TOOL_OPTIONS", "extraEnv[0].value", "-Xmx1g")));
		List<Map<String, Object>> env = deployment.get("spec", "template", "spec", "containers", 0, "env");
		assertThat(env).contains(Map.of("name", "JAVA_TOOL_OPTIONS", "value", "-Xmx1g")).hasSize(2);
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
