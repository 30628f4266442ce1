package dev.loopline.autoconfigure.limits;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DeadlineHeaders}.
 */
class DeadlineHeadersTests {

	private static final String OWN = "X-Wait-Ms";

	private final DeadlineHeaders headers = DeadlineHeaders.of("key", OWN);

	@ParameterizedTest
	@CsvSource({ "1H, PT1H", "2M, PT2M", "3S, PT3S", "4m, PT0.004S", "5u, PT0.000005S", "6n, PT0.000000006S",
			"0S, PT0S", "00000250m, PT0.25S", "99999999H, PT99999999H" })
	void readsWhatGrpcSays(String value, Duration time) {
		assertThat(find("grpc-timeout", value)).isEqualTo(time);
		assertThat(find("Grpc-Timeout", value)).isEqualTo(time);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "S", "1", "1s", "1h", "-1S", "+1S", "1 S", " 1S", "1.5S", "100000000S", "1SS",
			"\u0661S", "1\u0660" })
	void ignoresWhatGrpcWouldNotSay(String value) {
		assertThat(find("grpc-timeout", value)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { DeadlineHeaders.ENVOY, OWN })
	void readsMilliseconds(String header) {
		assertThat(find(header, "250")).isEqualTo(Duration.ofMillis(250));
		for (String bad : new String[] { "", "0", "-1", "1.5", "1ms", "1e3", " 1", "99999999999999", "\u0661" }) {
			assertThat(find(header, bad)).as(bad).isNull();
		}
	}

	@Test
	void shortestCounts() {
		HttpHeaders all = new HttpHeaders();
		all.set("grpc-timeout", "3S");
		all.set(DeadlineHeaders.ENVOY, "2000");
		all.set(OWN, "junk");
		assertThat(this.headers.find(all)).isEqualTo(Duration.ofSeconds(2));
		all.set(OWN, "1000");
		assertThat(this.headers.find(all)).isEqualTo(Duration.ofSeconds(1));
		assertThat(this.headers.find(new HttpHeaders())).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "PT0.0000001S, 1m, 1", "PT1.5S, 1500m, 1500", "PT27H, 97200000m, 97200000",
			"PT28H, 100800S, 100800000" })
	void writesWhatItReads(Duration time, String grpc, String millis) {
		assertThat(DeadlineHeaders.format("GRPC-timeout", time)).isEqualTo(grpc);
		assertThat(DeadlineHeaders.format(OWN, time)).isEqualTo(millis);
	}

	@Test
	void shortestOfAHeaderThatComesTwiceCounts() {
		HttpHeaders all = new HttpHeaders();
		all.add(DeadlineHeaders.ENVOY, "5000");
		all.add(DeadlineHeaders.ENVOY, "50");
		assertThat(this.headers.find(all)).isEqualTo(Duration.ofMillis(50));
		all.set(DeadlineHeaders.GRPC, "junk");
		all.add(DeadlineHeaders.GRPC, "20m");
		assertThat(this.headers.find(all)).isEqualTo(Duration.ofMillis(20));
	}

	@Test
	void nameOfAHeaderHasNoSpaces() {
		assertThatExceptionOfType(InvalidLimitException.class)
			.isThrownBy(() -> DeadlineHeaders.of("loopline.web.deadlines.header", "X Wait"))
			.withMessageContaining("'X Wait' of 'loopline.web.deadlines.header'");
	}

	private Duration find(String header, String value) {
		HttpHeaders all = new HttpHeaders();
		all.set(header, value);
		return this.headers.find(all);
	}

}
