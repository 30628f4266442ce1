package dev.loopline.chart;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link StrictSchema}: mistakes that are planted in what the chart renders.
 */
class StrictSchemaTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			default    | Deployment     | livenessProbe:                  | livenesProbe:
			default    | Deployment     | replicas: 2                     | replicas: two
			default    | Deployment     | replicas: 2                     | replicas: "2"
			default    | Deployment     | readOnlyRootFilesystem: true    | readOnlyRootFilesystem: 1
			default    | Deployment     | containerPort: 8080             | containerport: 8080
			default    | Deployment     | - name: app                     | - title: app
			default    | Service        | targetPort: http                | targetport: http
			autoscaled | HorizontalPodAutoscaler | scaleTargetRef:        | scaleTarget:
			exposed    | HTTPRoute      | parentRefs:                     | parents:
			exposed    | Ingress        | ingressClassName:               | className:
			monitored  | ServiceMonitor | scrapeTimeout:                  | scrapetimeout:
			monitored  | PrometheusRule | expr: absent(loopline_workers   | query: absent(loopline_workers
			monitored  | PrometheusRule | severity: critical              | severity: [critical]
			monitored  | NetworkPolicy  | policyTypes:                    | types:
			""")
	void refusesPlantedMistake(String scenario, String kind, String right, String wrong) {
		String rendered = Chart.render(Chart.scenario(scenario));
		assertThat(Manifest.all(kind, rendered)).isNotEmpty().allSatisfy(StrictSchema::check);
		String planted = rendered.replace(right, wrong);
		assertThat(planted).isNotEqualTo(rendered);
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> Manifest.all(kind, planted).forEach(StrictSchema::check));
	}

	@Test
	void refusesDeploymentWithoutSelector() {
		String rendered = Chart.render(Chart.scenario("default"));
		Manifest deployment = Manifest.only("Deployment", rendered);
		deployment.<Map<?, ?>>get("spec").remove("selector");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> StrictSchema.check(deployment))
			.withMessageContaining("selector");
	}

}
