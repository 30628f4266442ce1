package dev.loopline.autoconfigure.tracing;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import org.junit.jupiter.api.Test;

import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the export of traces, by Boot's own properties alone.
 */
class OtlpExportTests {

	@Test
	void receiverGetsTheSpanWithItsTimesAndStalls() throws IOException {
		try (OtlpReceiver receiver = new OtlpReceiver();
				TestServer server = TestServer.start(TracingApp.class, "spring.application.name=traced",
						"management.tracing.sampling.probability=1",
						"management.opentelemetry.tracing.export.otlp.endpoint=" + receiver.endpoint(),
						"management.opentelemetry.tracing.export.schedule-delay=10ms")) {
			assertThat(server.get("/stall").statusCode()).isEqualTo(200);
			ResourceSpans received = await().until(() -> receiver.received().stream().findFirst().orElse(null),
					(spans) -> spans != null);
			assertThat(attributes(received.getResource().getAttributesList()).get("service.name").getStringValue())
				.isEqualTo("traced");
			Span span = received.getScopeSpans(0).getSpans(0);
			assertThat(span.getName()).isEqualTo("http get /stall");
			Map<String, AnyValue> attributes = attributes(span.getAttributesList());
			assertThat(attributes.get("loopline.running").getDoubleValue()).isGreaterThanOrEqualTo(0.005);
			assertThat(attributes.get("loopline.queued").getDoubleValue()).isNotNegative();
			assertThat(attributes.get("loopline.idle").getDoubleValue()).isNotNegative();
			assertThat(attributes.get("loopline.polls").getIntValue()).isPositive();
			assertThat(span.getEventsList()).filteredOn((event) -> event.getName().equals("loopline.stall"))
				.anySatisfy((event) -> assertThat(
						attributes(event.getAttributesList()).get("code.function.name").getStringValue())
					.endsWith("TracedController.stickHere"));
		}
	}

	private static Map<String, AnyValue> attributes(List<KeyValue> list) {
		return list.stream().collect(Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
	}

}
