package dev.loopline.autoconfigure;

import org.springframework.aot.AotDetector;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.runtime.Strand;

/**
 * An application that asks itself, says what it heard, and ends.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class AotApplication {

	public static void main(String[] arguments) {
		try (ConfigurableApplicationContext context = SpringApplication.run(AotApplication.class, arguments)) {
			System.out.println("Generated: " + AotDetector.useGeneratedArtifacts());
			int port = ((ReactiveWebServerApplicationContext) context).getWebServer().getPort();
			for (String path : new String[] { "/hello", "/actuator/loopline", "/actuator/loopline/console" }) {
				System.out.println(path + ": " + TestServer.getAsync(TestServer.uri(port, path)).join().body());
			}
		}
	}

	@RestController
	static class Hello {

		@GetMapping("/hello")
		String hello() {
			return (Strand.current() != null) ? "On a strand" : "On no strand";
		}

	}

}
