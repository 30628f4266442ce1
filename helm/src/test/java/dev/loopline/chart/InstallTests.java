package dev.loopline.chart;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.Release;
import com.marcnuri.helm.ReleaseHistory;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the life of a release, against a mock of the API server.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InstallTests {

	private ApiServer server;

	@BeforeEach
	void startServer() throws IOException {
		this.server = new ApiServer();
	}

	@AfterEach
	void stopServer() {
		this.server.close();
	}

	@Test
	void installsListsAndUninstallsWithHelm3() {
		Release release = new Helm(Chart.DIRECTORY).install()
			.withName(Chart.RELEASE)
			.withNamespace(Chart.NAMESPACE)
			.withValuesFile(Chart.scenario("monitored"))
			.disableOpenApiValidation()
			.withKubeConfigContents(this.server.kubeConfig())
			.call();
		assertThat(release.getStatus()).isEqualTo("deployed");
		List<String> objects = objects();
		assertThat(objects).containsExactlyInAnyOrder("ConfigMap/demo-loopline-app",
				"ConfigMap/demo-loopline-app-dashboards", "Deployment/demo-loopline-app",
				"NetworkPolicy/demo-loopline-app", "PodDisruptionBudget/demo-loopline-app", "Service/demo-loopline-app",
				"Service/demo-loopline-app-management", "ServiceAccount/demo-loopline-app");
		assertThat(list()).singleElement().satisfies((listed) -> {
			assertThat(listed.getName()).isEqualTo(Chart.RELEASE);
			assertThat(listed.getStatus()).isEqualTo("deployed");
		});
		assertThat(history()).singleElement()
			.satisfies((revision) -> assertThat(revision.getDescription()).isEqualTo("Install complete"));
		Helm.uninstall(Chart.RELEASE)
			.withNamespace(Chart.NAMESPACE)
			.withKubeConfigContents(this.server.kubeConfig())
			.call();
		assertThat(objects()).isEmpty();
		assertThat(list()).isEmpty();
	}

	@Test
	void installsListsAndUninstallsWithHelm4() {
		HelmCommand helm = HelmCommand.find();
		helm.withKubeConfig(this.server.kubeConfig());
		helm.run("install", Chart.RELEASE, Chart.DIRECTORY.toString(), "-n", Chart.NAMESPACE, "--server-side=false",
				"--disable-openapi-validation");
		assertThat(objects()).contains("Deployment/demo-loopline-app", "Service/demo-loopline-app");
		assertThat(helm.run("list", "-n", Chart.NAMESPACE)).contains("demo", "deployed");
		assertThat(helm.run("history", Chart.RELEASE, "-n", Chart.NAMESPACE)).contains("Install complete");
		helm.run("uninstall", Chart.RELEASE, "-n", Chart.NAMESPACE);
		assertThat(objects()).isEmpty();
	}

	private List<Release> list() {
		return Helm.list().withNamespace(Chart.NAMESPACE).withKubeConfigContents(this.server.kubeConfig()).call();
	}

	private List<ReleaseHistory> history() {
		return Helm.history(Chart.RELEASE)
			.withNamespace(Chart.NAMESPACE)
			.withKubeConfigContents(this.server.kubeConfig())
			.call();
	}

	/** What the release consists of, without Helm's own notes of it. */
	private List<String> objects() {
		try (NamespacedKubernetesClient client = this.server.client().inNamespace(Chart.NAMESPACE)) {
			List<HasMetadata> found = new ArrayList<>();
			found.addAll(client.configMaps().list().getItems());
			found.addAll(client.services().list().getItems());
			found.addAll(client.serviceAccounts().list().getItems());
			found.addAll(client.apps().deployments().list().getItems());
			found.addAll(client.network().v1().networkPolicies().list().getItems());
			found.addAll(client.policy().v1().podDisruptionBudget().list().getItems());
			return found.stream().map((item) -> item.getKind() + "/" + item.getMetadata().getName()).toList();
		}
	}

}
