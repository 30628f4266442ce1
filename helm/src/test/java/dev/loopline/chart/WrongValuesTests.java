package dev.loopline.chart;

import java.util.Map;

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
			ingress.enabled                | yes        | '/ingress/enabled': got string, want boolean
			httpRoute.enabled              | true       | '/httpRoute/parentRefs': minItems
			tmpSizeLimit                   | big        | '/tmpSizeLimit'
			probes.liveness.periodSeconds  | 0          | '/probes/liveness/periodSeconds'
			shutdown.delaySeconds          | 3          | the readiness probe takes 7 seconds to notice
			shutdown.gracePeriodSeconds    | 20         | delaySeconds + drainSeconds + 15 are 53 seconds
			""")
	void refusesWithMessage(String key, String value, String message) {
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> Chart.render(Map.of(key, value)))
			.withMessageContaining(message);
	}

	@ParameterizedTest
	@CsvSource({ "autoscaling.enabled, true, autoscaling.cpuPercent, 0, needs at least one of cpuPercent" })
	void refusesPairWithMessage(String key, String value, String otherKey, String otherValue, String message) {
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> Chart.render(Map.of(key, value, otherKey, otherValue)))
			.withMessageContaining(message);
	}

}
