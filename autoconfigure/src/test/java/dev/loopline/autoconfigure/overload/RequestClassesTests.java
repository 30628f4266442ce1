package dev.loopline.autoconfigure.overload;

import java.net.InetSocketAddress;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

import dev.loopline.autoconfigure.limits.Priority;
import dev.loopline.autoconfigure.limits.RoutePriorities;
import dev.loopline.autoconfigure.web.ManagementPath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RequestClasses}.
 */
class RequestClassesTests {

	private final WebAdmissionProperties properties = new WebAdmissionProperties();

	private @Nullable RoutePriorities declared;

	@ParameterizedTest
	@ValueSource(strings = { "/actuator", "/actuator/health/liveness", "/livez", "/readyz" })
	void managementAndProbesAreNeverRefused(String path) {
		assertThat(priority(MockServerHttpRequest.get(path).build())).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "/pay/card,CRITICAL", "/pay/report/1,SHEDDABLE", "/,NORMAL", "/actuators,NORMAL" })
	void mostSpecificPatternDecides(String path, RequestPriority priority) {
		this.properties.getPriority().setCritical(List.of("/pay/**"));
		this.properties.getPriority().setSheddable(List.of("/pay/report/*"));
		assertThat(priority(MockServerHttpRequest.get(path).build())).isEqualTo(priority);
	}

	@ParameterizedTest
	@CsvSource({ "critical,CRITICAL", "Sheddable,SHEDDABLE", "' normal ',NORMAL", "urgent,NORMAL", "'',NORMAL" })
	void headerDecidesIfConfigured(String value, RequestPriority priority) {
		MockServerHttpRequest request = MockServerHttpRequest.get("/").header("X-Priority", value).build();
		assertThat(priority(request)).isEqualTo(RequestPriority.NORMAL);
		this.properties.getAdmission().setPriorityHeader("X-Priority");
		assertThat(priority(request)).isEqualTo(priority);
	}

	@Test
	void limitsOfTheRouteDecideBeforeTheHeaderAndAfterThePath() {
		this.declared = (request) -> request.getPath().value().equals("/") ? Priority.NORMAL : Priority.CRITICAL;
		this.properties.getAdmission().setPriorityHeader("X-Priority");
		this.properties.getPriority().setSheddable(List.of("/report"));
		assertThat(priority(MockServerHttpRequest.get("/pay").header("X-Priority", "sheddable").build()))
			.isEqualTo(RequestPriority.CRITICAL);
		assertThat(priority(MockServerHttpRequest.get("/").header("X-Priority", "sheddable").build()))
			.isEqualTo(RequestPriority.SHEDDABLE);
		assertThat(priority(MockServerHttpRequest.get("/report").build())).isEqualTo(RequestPriority.SHEDDABLE);
	}

	@Test
	void criticalRequestsAndThoseThatAreNeverRefusedGoFirst() {
		this.properties.getPriority().setCritical(List.of("/pay"));
		assertThat(classes().goesFirst(MockServerHttpRequest.get("/pay").build())).isTrue();
		assertThat(classes().goesFirst(MockServerHttpRequest.get("/livez").build())).isTrue();
		assertThat(classes().goesFirst(MockServerHttpRequest.get("/").build())).isFalse();
	}

	@Test
	void clientIsConnectionOrWhatItsHeaderSays() {
		MockServerHttpRequest one = from(1, "a");
		MockServerHttpRequest other = from(2, "a");
		assertThat(classes().client(one)).isEqualTo(classes().client(from(1, "b")))
			.isNotEqualTo(classes().client(other));
		this.properties.getAdmission().setClientHeader("X-Client");
		assertThat(classes().client(one)).isEqualTo(classes().client(other))
			.isNotEqualTo(classes().client(from(1, "b")));
		assertThat(classes().client(MockServerHttpRequest.get("/").build())).isZero();
	}

	@Test
	void wrongPatternStopsTheStartWithItsKey() {
		this.properties.getPriority().setCritical(List.of("/pay/{id"));
		assertThatExceptionOfType(InvalidAdmissionException.class).isThrownBy(this::classes).satisfies((ex) -> {
			FailureAnalysis analysis = new InvalidAdmissionFailureAnalyzer().analyze(ex);
			assertThat(analysis.getDescription()).contains("loopline.web.priority.critical=/pay/{id");
			assertThat(analysis.getAction()).contains("loopline.web.priority.critical", "/pay/{id");
		});
	}

	private static MockServerHttpRequest from(int port, String client) {
		return MockServerHttpRequest.get("/")
			.remoteAddress(new InetSocketAddress("127.0.0.1", port))
			.header("X-Client", client)
			.build();
	}

	private RequestPriority priority(MockServerHttpRequest request) {
		return classes().priority(request);
	}

	private RequestClasses classes() {
		RequestClasses classes = new RequestClasses(this.properties, new ManagementPath("/actuator"),
				() -> this.declared);
		classes.afterSingletonsInstantiated();
		return classes;
	}

}
