package dev.loopline.autoconfigure;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.annotation.Configuration;

import dev.loopline.autoconfigure.support.FailureAnalyses;
import dev.loopline.runtime.netty.TransportUnavailableException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TransportUnavailableFailureAnalyzer}.
 */
class TransportUnavailableFailureAnalyzerTests {

	@Test
	void saysWhyAndWhatToDo() throws Exception {
		FailureAnalysis analysis = FailureAnalyses.of(new IllegalStateException(unavailable("No luck here")));
		assertThat(analysis.getDescription()).isEqualTo("No luck here");
		assertThat(analysis.getAction()).contains("'loopline.netty.transport'").contains("native library");
		assertThat(analysis.getCause()).isInstanceOf(TransportUnavailableException.class);
	}

	@Test
	void isPrintedByApplicationWhoseTransportIsUnavailable() throws Exception {
		Process process = fork(App.class, "--loopline.netty.transport=epoll");
		String output = new String(process.getInputStream().readAllBytes());
		assertThat(process.waitFor()).isEqualTo(1);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The epoll transport is not available")
			.contains("Remove 'loopline.netty.transport'");
	}

	/**
	 * Netty looks for its native libraries once in the life of a JVM.
	 */
	private static Process fork(Class<?> application, String argument) throws IOException {
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		return new ProcessBuilder(java, "-XX:TieredStopAtLevel=1", "-Dio.netty.transport.noNative=true", "-cp",
				System.getProperty("java.class.path"), SpringApplication.class.getName(), "--server.port=0",
				"--spring.main.sources=" + application.getName(), argument)
			.redirectErrorStream(true)
			.start();
	}

	private static TransportUnavailableException unavailable(String message) throws Exception {
		Constructor<TransportUnavailableException> constructor = TransportUnavailableException.class
			.getDeclaredConstructor(String.class);
		return BeanUtils.instantiateClass(constructor, message);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

	}

}
