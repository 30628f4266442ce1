package dev.loopline.autoconfigure.drill;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.server.WebFilter;

import dev.loopline.autoconfigure.Refusals;
import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.autoconfigure.web.SlowRoutes;
import dev.loopline.runtime.RuntimeSnapshot;
import dev.loopline.runtime.TaskRuntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Drill}, of which nobody but the JVM must learn anything.
 */
@ExtendWith(OutputCaptureExtension.class)
class DrillTests {

	@Test
	void applicationSeesNothingOfIt(CapturedOutput output) {
		try (TestServer server = TestServer.start(App.class, "loopline.drill.enabled=true")) {
			String drill = server.threads().prefix() + "drill";
			assertThat(server.threads().alive()).contains(drill);
			await()
				.untilAsserted(() -> assertThat(server.threads().alive()).noneMatch((name) -> name.startsWith(drill)));
			assertThat(server.context().getBean(Drill.class).rounds()).isPositive();
			ApplicationContext context = server.context();
			assertThat(context.getBean(App.class).requests).hasValue(0);
			assertThat(context.getBean(MeterRegistry.class).find("http.server.requests").meters()).isEmpty();
			assertThat(context.getBean(SlowRoutes.class).names()).isEmpty();
			assertThat(context.getBean(Refusals.class).total()).isZero();
			TaskRuntime runtime = context.getBean(TaskRuntime.class);
			RuntimeSnapshot snapshot = runtime.diagnostics().snapshot();
			assertThat(snapshot.handoffs().count()).isZero();
			assertThat(snapshot.lane().admissions()).isZero();
			assertThat(runtime.diagnostics().stalls().culprits()).isEmpty();
			assertThat(output).doesNotContain(drill, "stalled", "WARN", "ERROR");
		}
	}

	@Test
	void endsWithTheApplication() {
		TestServer server = TestServer.start(App.class, "loopline.drill.enabled=true");
		assertThat(server.threads().alive()).contains(server.threads().prefix() + "drill");
		server.close();
		assertThat(server.threads().alive()).noneMatch((name) -> name.contains("drill"));
		server.threads().awaitNone();
	}

	@Test
	void isNotThereIfSwitchedOff() {
		try (TestServer server = TestServer.start(App.class, "loopline.drill.enabled=false")) {
			assertThat(server.context().getBeanNamesForType(Drill.class)).isEmpty();
		}
	}

	@Test
	void neverBeginsWhereOneWorkerWouldBlock() {
		assertNoThread("loopline.flavour=current-thread", "loopline.workers=1");
	}

	@Test
	void neverBeginsWhereItsRequestsWouldBeLogged() {
		assertNoThread("logging.level.org.springframework.web=debug");
	}

	@Test
	void neverBeginsWithoutServer() {
		try (var context = new SpringApplicationBuilder(App.class)
			.properties("spring.main.web-application-type=none", "loopline.drill.enabled=true")
			.run()) {
			assertThat(context.getBeanNamesForType(Drill.class)).isEmpty();
		}
	}

	private static void assertNoThread(String... properties) {
		try (TestServer server = TestServer.start(App.class,
				Stream.concat(Stream.of("loopline.drill.enabled=true"), Stream.of(properties))
					.toArray(String[]::new))) {
			assertThat(server.context().getBean(Drill.class).isRunning()).isTrue();
			assertThat(server.threads().alive()).noneMatch((name) -> name.contains("drill"));
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		final AtomicInteger requests = new AtomicInteger();

		@Bean
		WebFilter countingFilter() {
			return (exchange, chain) -> {
				this.requests.incrementAndGet();
				return chain.filter(exchange);
			};
		}

	}

}
