package dev.loopline.autoconfigure.web;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import reactor.netty.http.server.HttpServer;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestStrandsAutoConfiguration}.
 */
class RequestStrandsAutoConfigurationTests {

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations.of(
			TaskRuntimeAutoConfiguration.class, ReactorNettyRuntimeAutoConfiguration.class,
			RequestStrandsAutoConfiguration.class);

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS)
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=0");

	@Test
	void decoratesTheHandlerOfReactiveWebApplications() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(HttpHandlerDecoratorFactory.class));
	}

	@Test
	void leavesOtherApplicationsAlone() {
		new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=0")
			.run((context) -> assertThat(context).doesNotHaveBean(HttpHandlerDecoratorFactory.class));
	}

	@Test
	void backsOffWhenDisabled() {
		this.contextRunner.withPropertyValues("loopline.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(HttpHandlerDecoratorFactory.class));
	}

	@Test
	void backsOffWhenUserDefinesReactorResourceFactory() {
		this.contextRunner.withBean(ReactorResourceFactory.class)
			.run((context) -> assertThat(context).doesNotHaveBean(HttpHandlerDecoratorFactory.class));
	}

	@Test
	void backsOffWithoutReactorNetty() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(HttpServer.class))
			.run((context) -> assertThat(context).doesNotHaveBean(HttpHandlerDecoratorFactory.class));
	}

	@Test
	void refusesBlockingRouteThatIsNoPattern() {
		this.contextRunner.withPropertyValues("loopline.web.blocking-routes=/users/{id")
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("close capture"));
	}

}
