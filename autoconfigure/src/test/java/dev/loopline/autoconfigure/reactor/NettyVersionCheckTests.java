package dev.loopline.autoconfigure.reactor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NettyVersionCheck}.
 */
@ExtendWith(OutputCaptureExtension.class)
class NettyVersionCheckTests {

	@ParameterizedTest
	@ValueSource(strings = { "4.2.17.Final", "4.2.17.Final-SNAPSHOT", "4.2.9.Final", "4.2.0.RC1", "4.2",
			"4.1.135.Final", "4.1.999.Final", "3.10.6.Final", "4", "" })
	void isBelowFloor(String version) {
		assertThat(NettyVersionCheck.isBelowFloor(version)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "4.2.18.Final", "4.2.18", "4.2.19.Final", "4.2.100.Final", "4.3.0.Final", "4.10.0.Final",
			"5.0.0.Alpha1" })
	void isNotBelowFloor(String version) {
		assertThat(NettyVersionCheck.isBelowFloor(version)).isFalse();
	}

	@Test
	void warnsAboutOldVersion(CapturedOutput output) {
		NettyVersionCheck.warnIfBelowFloor("4.2.17.Final");
		assertThat(output).contains("WARN")
			.contains("Netty 4.2.17.Final")
			.contains("CVE-2026-89044")
			.contains("'netty.version'")
			.contains("4.2.18.Final or later");
	}

	@Test
	void isSilentAboutNewVersion(CapturedOutput output) {
		NettyVersionCheck.warnIfBelowFloor("4.2.18.Final");
		assertThat(output).doesNotContain("CVE");
	}

	@Test
	void isSilentAboutTheVersionThatIsBuiltAgainst(CapturedOutput output) {
		NettyVersionCheck.warnIfVulnerable();
		assertThat(output).doesNotContain("CVE");
	}

}
