package dev.loopline.autoconfigure.web;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.web.reactive.DispatcherHandler;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.stall.Culprit;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.Stalls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RequestContextAutoConfiguration} and for what stalls know of requests.
 */
@ExtendWith(OutputCaptureExtension.class)
class RequestContextAutoConfigurationTests {

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations.of(
			TaskRuntimeAutoConfiguration.class, ReactorNettyRuntimeAutoConfiguration.class,
			RequestContextAutoConfiguration.class);

	/**
	 * Handlers are to wait and not to compute, as they do while their classes are loaded.
	 */
	@BeforeAll
	static void warmUp() {
		try (TestServer server = start("loopline.stall.log=off")) {
			assertThat(server.get("/annotated/1").statusCode()).isEqualTo(200);
			awaitStall();
		}
	}

	@BeforeEach
	void forget() {
		StallApp.stalls.clear();
		StallApp.strands.clear();
	}

	@ParameterizedTest
	@ValueSource(strings = { "none", "framework" })
	void stallOfAControllerKnowsItsRequest(String forwardHeaders, CapturedOutput output) {
		try (TestServer server = start("server.forward-headers-strategy=" + forwardHeaders)) {
			assertThat(server.get("/annotated/4711?secret=0815").statusCode()).isEqualTo(200);
			Stall stall = awaitStall();
			assertThat(stall.work().route()).isEqualTo("GET /annotated/{id}");
			assertThat(stall.work().handler())
				.isEqualTo("dev.loopline.autoconfigure.web.StallApp$StuckController#annotated(String)");
			assertThat(stall.work().connection()).startsWith("127.0.0.1:");
			assertThat(stall.culprit().getClassName()).isEqualTo(StallApp.class.getName());
			assertThat(stall.kind()).isEqualTo(Stall.Kind.BLOCKING);
			await().until(() -> output.getOut().contains("GET /annotated/{id} (dev.loopline"));
			assertThat(output.getOut()).doesNotContain("4711", "0815").contains("StallApp.awaitSample(StallApp.java:");
		}
	}

	@Test
	void stallOfAStreamKnowsItsRequest() {
		try (TestServer server = start("server.http2.enabled=true")) {
			assertThat(new Http2Client(server).get("/annotated/4711").join()).isEqualTo("done");
			Stall stall = awaitStall();
			assertThat(stall.work().route()).isEqualTo("GET /annotated/{id}");
			assertThat(stall.work().connection()).startsWith("127.0.0.1:");
		}
	}

	@Test
	void stallOfAFunctionalRouteKnowsItsTemplate() {
		try (TestServer server = start()) {
			assertThat(server.get("/functional/4711").statusCode()).isEqualTo(200);
			Stall stall = awaitStall();
			assertThat(stall.work().route()).isEqualTo("GET /functional/{id}");
			assertThat(stall.work().handler()).startsWith(StallApp.class.getName());
		}
	}

	@Test
	void requestForTheActuatorIsNeverAccused(CapturedOutput output) {
		try (TestServer server = start()) {
			Stalls stalls = server.context().getBean(TaskRuntime.class).diagnostics().stalls();
			SlowRoutes routes = server.context().getBean(SlowRoutes.class);
			assertThat(server.get("/actuator/filter").statusCode()).isEqualTo(404);
			assertThat(awaitStall().culprit().getMethodName()).isEqualTo("awaitSample");
			assertThat(stalls.culprits()).extracting(Culprit::method)
				.noneMatch(RequestContextAutoConfigurationTests::isStuck);
			assertThat(output.getOut()).doesNotContain("StallApp.awaitSample");
			assertThat(routes.find(MockServerHttpRequest.get("/actuator/filter").build())).isNull();
			assertThat(server.get("/filter").statusCode()).isEqualTo(404);
			await().until(() -> output.getOut().contains("StallApp.awaitSample"));
			assertThat(stalls.culprits()).extracting(Culprit::method)
				.anyMatch(RequestContextAutoConfigurationTests::isStuck);
		}
	}

	private static boolean isStuck(String method) {
		return method.endsWith("StallApp.awaitSample");
	}

	@Test
	void stallOfAFilterKnowsItsConnectionAndWhatWasDispatchedAfterIt() {
		try (TestServer server = start()) {
			assertThat(server.get("/filter").statusCode()).isEqualTo(404);
			Stall stall = awaitStall();
			assertThat(stall.work().connection()).startsWith("127.0.0.1:");
			assertThat(stall.work().route()).isEqualTo("GET /**");
		}
	}

	@Test
	void connectionThatWaitsForARequestKeepsNone() {
		try (TestServer server = start()) {
			assertThat(server.get("/annotated/1").statusCode()).isEqualTo(200);
			assertThat(StallApp.strands).isNotEmpty();
			await().until(() -> StallApp.strands.stream()
				.allMatch((strand) -> StrandInstrumentation.context(strand) == null));
		}
	}

	@Test
	void logCanBeTurnedOff(CapturedOutput output) {
		try (TestServer server = start("loopline.stall.log=off")) {
			assertThat(server.get("/annotated/1").statusCode()).isEqualTo(200);
			awaitStall();
		}
		assertThat(output.getOut()).doesNotContain("GET /annotated");
	}

	@Test
	void needsTheRuntime() {
		new ReactiveWebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.run((context) -> assertThat(context).hasSingleBean(RequestContextMapping.class));
		new ReactiveWebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withPropertyValues("loopline.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(RequestContextMapping.class));
	}

	@Test
	void needsAReactiveWebApplication() {
		new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.run((context) -> assertThat(context).doesNotHaveBean(RequestContextMapping.class));
	}

	@Test
	void needsWebFlux() {
		new ReactiveWebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withClassLoader(new FilteredClassLoader(DispatcherHandler.class))
			.run((context) -> assertThat(context).doesNotHaveBean(RequestContextAutoConfiguration.class));
	}

	private static TestServer start(String... properties) {
		return TestServer.start(StallApp.class, properties);
	}

	/**
	 * Waits for the stall of the handler; the first requests of an application may stall
	 * elsewhere too.
	 */
	private static Stall awaitStall() {
		return await().until(() -> StallApp.stalls.stream().filter(StallApp::isHere).findFirst().orElse(null),
				(stall) -> stall != null);
	}

}
