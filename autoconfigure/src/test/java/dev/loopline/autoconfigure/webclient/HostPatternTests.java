package dev.loopline.autoconfigure.webclient;

import java.net.URI;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.loopline.autoconfigure.limits.InvalidLimitException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link HostPattern}.
 */
class HostPatternTests {

	@ParameterizedTest
	@CsvSource({ "*, http://any.example:9, true", "api.example.org, https://API.example.org/a, true",
			"api.example.org, https://example.org, false", "inventory:8080, http://inventory:8080/, true",
			"inventory:8080, http://inventory/, false", "a:443, https://a/, true", "a:65535, http://a:65535/, true",
			"*.internal, https://a.b.internal/, true", "*.internal, http://internal/, false",
			"*.internal:81, https://a.internal:81/, true", "a_b, http://a_b/, false", "[::1]:80, http://[::1]/, true" })
	void matchesItsHosts(String pattern, URI uri, boolean matches) {
		assertThat(HostPattern.parse("key", pattern).matches(uri)).isEqualTo(matches);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", "a..b", ".a", "a.", "*a", "*.", "a:99999", "a:0", "a:", "http://a", "a/b", "*:80", "a b" })
	void refusesWhatCannotBeAHost(String pattern) {
		assertThatExceptionOfType(InvalidLimitException.class).isThrownBy(() -> HostPattern.parse("key", pattern))
			.withMessageContaining("'key'");
	}

	@Test
	void mostSpecificComesFirst() {
		assertThat(HostPattern.SPECIFICITY.compare(HostPattern.parse("key", "a.internal"),
				HostPattern.parse("key", "*.internal")))
			.isNegative();
		assertThat(HostPattern.SPECIFICITY.compare(HostPattern.parse("key", "a:80"), HostPattern.parse("key", "a")))
			.isNegative();
	}

}
