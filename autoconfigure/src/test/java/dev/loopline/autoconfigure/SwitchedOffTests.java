package dev.loopline.autoconfigure;

import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.actuate.web.server.NettyReactiveManagementContextAutoConfiguration;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.web.server.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.error.ErrorWebFluxAutoConfiguration;
import org.springframework.http.client.ReactorResourceFactory;

import dev.loopline.autoconfigure.actuate.TaskRuntimeEndpointAutoConfiguration;
import dev.loopline.autoconfigure.actuate.TaskRuntimeHealthAutoConfiguration;
import dev.loopline.autoconfigure.metrics.TaskRuntimeMetricsAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code loopline.enabled=false}, which leaves stock WebFlux.
 */
class SwitchedOffTests {

	private final ReactiveWebApplicationContextRunner stockRunner = new ReactiveWebApplicationContextRunner(
			AnnotationConfigReactiveWebServerApplicationContext::new)
		.withPropertyValues("server.port=0", "spring.reactor.netty.shutdown-quiet-period=0")
		.withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class, ErrorWebFluxAutoConfiguration.class,
				HttpClientAutoConfiguration.class, HttpHandlerAutoConfiguration.class,
				ManagementContextAutoConfiguration.class, NettyReactiveManagementContextAutoConfiguration.class,
				NettyReactiveWebServerAutoConfiguration.class, PropertyPlaceholderAutoConfiguration.class,
				ReactiveHttpClientAutoConfiguration.class, WebEndpointAutoConfiguration.class,
				WebFluxAutoConfiguration.class));

	private final ReactiveWebApplicationContextRunner contextRunner = this.stockRunner
		.withConfiguration(AutoConfigurations.of(ReactorNettyRuntimeAutoConfiguration.class,
				TaskRuntimeAutoConfiguration.class, TaskRuntimeEndpointAutoConfiguration.class,
				TaskRuntimeHealthAutoConfiguration.class, TaskRuntimeMetricsAutoConfiguration.class));

	@Test
	void hasTheBeansOfStockWebFlux() {
		String[] stock = beanNames(this.stockRunner, UnaryOperator.identity());
		String[] off = beanNames(this.contextRunner, (runner) -> runner.withPropertyValues("loopline.enabled=false"));
		assertThat(off).containsExactlyInAnyOrder(stock);
	}

	@Test
	void differsFromStockWebFluxWhenSwitchedOn() {
		String[] stock = beanNames(this.stockRunner, UnaryOperator.identity());
		String[] on = beanNames(this.contextRunner, UnaryOperator.identity());
		assertThat(on).contains("taskRuntimeConfig").hasSizeGreaterThan(stock.length);
	}

	@Test
	void usesGlobalResources() {
		this.contextRunner.withPropertyValues("loopline.enabled=false")
			.run((context) -> assertThat(context.getBean(ReactorResourceFactory.class))
				.returns(ReactorResourceFactory.class, Object::getClass)
				.returns(true, ReactorResourceFactory::isUseGlobalResources));
	}

	@Test
	void staysOffWhenUserDefinesTaskRuntimeConfig() {
		this.contextRunner.withPropertyValues("loopline.enabled=false")
			.withBean(TaskRuntimeConfig.class, TaskRuntimeConfig::defaults)
			.run((context) -> assertThat(context).hasNotFailed()
				.getBean(ReactorResourceFactory.class)
				.hasSameClassAs(new ReactorResourceFactory()));
	}

	private static String[] beanNames(ReactiveWebApplicationContextRunner runner,
			UnaryOperator<ReactiveWebApplicationContextRunner> changes) {
		String[][] names = new String[1][];
		changes.apply(runner).run((context) -> {
			assertThat(context).hasNotFailed();
			names[0] = context.getBeanDefinitionNames();
		});
		return names[0];
	}

}
