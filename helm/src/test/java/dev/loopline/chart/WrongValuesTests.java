package dev.loopline.chart;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for values that the chart refuses, and for what it says about them.
 */
class WrongValuesTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			replica                        | 3          | additional properties 'replica' not allowed
			image.tags                     | 1          | additional properties 'tags' not allowed
			metrics.serviceMonitor.enable  | true       | additional properties 'enable' not allowed
			replicas                       | two        | '/replicas': got string, want integer
			replicas                       | -1         | '/replicas'
			image.pullPolicy               | Sometimes  | 'Always', 'IfNotPresent', 'Never'
			image.repository               | ""         | '/image/repository'
			image.digest                   | sha256:12  | '/image/digest'
			management.port                | 70000      | '/management/port'
			service.type                   | External   | '/service/type'
			service.loadBalancerSourceRanges[0] | everybody | '/service/loadBalancerSourceRanges/0'
			service.externalTrafficPolicy  | None       | '/service/externalTrafficPolicy'
			global.imageRegistry           | 5          | '/global/imageRegistry'
			dnsPolicy                      | Never      | '/dnsPolicy'
			ingress.enabled                | yes        | '/ingress/enabled': got string, want boolean
			httpRoute.enabled              | true       | '/httpRoute/parentRefs': minItems
			tmpSizeLimit                   | big        | '/tmpSizeLimit'
			probes.liveness.periodSeconds  | 0          | '/probes/liveness/periodSeconds'
			shutdown.delaySeconds          | 3          | the readiness probe takes 7 seconds to notice
			shutdown.gracePeriodSeconds    | 20         | delaySeconds + drainSeconds + 15 are 53 seconds
			strategy.type                  | Replace    | '/strategy/type'
			management.scheme              | ftp        | '/management/scheme'
			service                        | null       | missing property 'service'
			metrics.dashboards             | null       | missing property 'dashboards'
			probes                         | null       | probes.startup: must not be null or empty
			probes.startup                 | null       | probes.startup: must not be null or empty
			probes.liveness                | null       | probes.liveness: must not be null or empty
			probes.readiness               | null       | probes.readiness: must not be null or empty
			resources                      | null       | resources: must not be null or empty
			containerPort                  | 8081       | containerPort: is 8081, as is management.port
			management.port                | 8080       | containerPort: is 8080, as is management.port
			config.server.port             | 9090       | server.port: is 9090, and containerPort is 8080
			config.server\\.port           | 9090       | server.port: is 9090, and containerPort is 8080
			config.management.server.port  | 0          | management.server.port: is 0, and
			extraArgs[0]                   | --server.port=1 | server.port: is 1, and containerPort is 8080
			""")
	void refusesWithMessage(String key, String value, String message) {
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> Chart.render(Map.of(key, value)))
			.withMessageContaining(message);
	}

	@ParameterizedTest
	@CsvSource({ "autoscaling.enabled, true, autoscaling.cpuPercent, 0, needs at least one of cpuPercent",
			"autoscaling.enabled, true, autoscaling.minReplicas, 11, '11 is more than maxReplicas, which is 10'",
			"ingress.enabled, true, ingress.hosts, null, ingress.hosts: is empty",
			"config.management.endpoints.web.basePath, /m, management.basePath, /n, 'is /m, and management.basePath'" })
	void refusesPairWithMessage(String key, String value, String otherKey, String otherValue, String message) {
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> Chart.render(Map.of(key, value, otherKey, otherValue)))
			.withMessageContaining(message);
	}

	@ParameterizedTest
	@CsvSource({ "commonLabels,name", "commonLabels,instance", "commonLabels,component", "podLabels,name",
			"podLabels,instance", "podLabels,component" })
	void refusesLabelsThatSelectorsGoBy(String key, String label) {
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> Chart.render(Map.of(key + ".app\\.kubernetes\\.io/" + label, "x")))
			.withMessageContaining(key + ": app.kubernetes.io/" + label + " is what the selectors go by");
	}

	@ParameterizedTest
	@CsvSource({ "JAVA_TOOL_OPTIONS, -Dx, JAVA_TOOL_OPTIONS is set twice",
			"SPRING_CONFIG_ADDITIONAL_LOCATION, x, SPRING_CONFIG_ADDITIONAL_LOCATION is set twice",
			"SERVER_PORT, port-9090, 'server.port: is port-9090, and containerPort is 8080'" })
	void refusesVariableWithMessage(String name, String value, String message) {
		Map<String, String> values = Map.of("extraEnv[0].name", name, "extraEnv[0].value", value);
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> Chart.render(values))
			.withMessageContaining(message);
	}

	@Test
	void refusesVariableThatIsThereTwice() {
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> Chart.render(Map.of("extraEnv[0].name", "A", "extraEnv[1].name", "A")))
			.withMessageContaining("extraEnv: A is set twice");
	}

}
