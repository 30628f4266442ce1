package dev.loopline.autoconfigure.actuate;

import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.http.client.ReactorResourceFactory;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TaskRuntimeEndpointAutoConfiguration} and
 * {@link TaskRuntimeHealthAutoConfiguration}.
 */
class TaskRuntimeEndpointAutoConfigurationTests {

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=0")
		.withConfiguration(
				AutoConfigurations.of(TaskRuntimeAutoConfiguration.class, ReactorNettyRuntimeAutoConfiguration.class,
						TaskRuntimeEndpointAutoConfiguration.class, TaskRuntimeHealthAutoConfiguration.class));

	@Test
	void endpointIsNotExposedByDefault() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(TaskRuntimeEndpoint.class));
	}

	@Test
	void endpointIsThereWhenExposed() {
		this.contextRunner.withPropertyValues("management.endpoints.web.exposure.include=loopline")
			.run((context) -> assertThat(context).hasSingleBean(TaskRuntimeEndpoint.class));
	}

	@Test
	void endpointIsAbsentWithoutAccess() {
		this.contextRunner
			.withPropertyValues("management.endpoints.web.exposure.include=loopline",
					"management.endpoint.loopline.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(TaskRuntimeEndpoint.class));
	}

	@Test
	void healthIsThereByDefault() {
		this.contextRunner.run((context) -> assertThat(context).hasBean("looplineHealthIndicator"));
	}

	@Test
	void healthBacksOffWhenSwitchedOff() {
		this.contextRunner.withPropertyValues("management.health.loopline.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
	}

	@Test
	void bothBackOffWithoutActuator() {
		this.contextRunner
			.withClassLoader(new FilteredClassLoader(ConditionalOnAvailableEndpoint.class, HealthIndicator.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean("looplineHealthIndicator")
				.doesNotHaveBean("taskRuntimeEndpoint"));
	}

	@Test
	void endpointBacksOffWhenUserDefinesResourcesAndHealthStays() {
		this.contextRunner.withBean(ReactorResourceFactory.class)
			.withPropertyValues("management.endpoints.web.exposure.include=loopline")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(TaskRuntimeEndpoint.class)
				.hasBean("looplineHealthIndicator"));
	}

	@Test
	void endpointBacksOffWhenDisabledAndHealthStays() {
		this.contextRunner
			.withPropertyValues("loopline.enabled=false", "management.endpoints.web.exposure.include=loopline")
			.run((context) -> assertThat(context).doesNotHaveBean(TaskRuntimeEndpoint.class)
				.hasBean("looplineHealthIndicator"));
	}

}
