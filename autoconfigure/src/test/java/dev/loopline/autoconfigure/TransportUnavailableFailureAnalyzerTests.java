package dev.loopline.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import dev.loopline.autoconfigure.support.FailureAnalyses;
import dev.loopline.autoconfigure.support.RuntimeThreads;
import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.runtime.netty.Transport;
import dev.loopline.runtime.netty.TransportUnavailableException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link TransportUnavailableFailureAnalyzer}. They ask for io_uring, whose
 * classes are not on the class path.
 */
@ExtendWith(OutputCaptureExtension.class)
class TransportUnavailableFailureAnalyzerTests {

	@Test
	void saysWhyAndWhatToDo() {
		Throwable failure = catchThrowable(Transport.IO_URING::resolve);
		FailureAnalysis analysis = FailureAnalyses.of(new IllegalStateException(failure));
		assertThat(analysis.getDescription()).contains("io_uring", "NoClassDefFoundError");
		assertThat(analysis.getAction()).contains("'loopline.netty.transport'").contains("native library");
		assertThat(analysis.getCause()).isSameAs(failure);
	}

	@Test
	void isPrintedByApplicationThatFailsToStart(CapturedOutput output) {
		assertThatException().isThrownBy(() -> TestServer.start(App.class, "loopline.netty.transport=io-uring"))
			.withRootCauseInstanceOf(ClassNotFoundException.class)
			.withStackTraceContaining(TransportUnavailableException.class.getName());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The io_uring transport cannot be used here")
			.contains("Remove 'loopline.netty.transport'");
	}

	@Test
	void failedStartLeavesNoThread() {
		String threads = "unavailable-";
		assertThatException().isThrownBy(() -> TestServer.start(App.class, "loopline.netty.transport=io-uring",
				"loopline.thread-name-prefix=" + threads));
		assertThat(RuntimeThreads.withPrefix(threads).alive()).isEmpty();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

	}

}
