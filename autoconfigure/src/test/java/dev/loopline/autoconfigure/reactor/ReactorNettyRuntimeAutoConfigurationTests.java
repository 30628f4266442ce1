package dev.loopline.autoconfigure.reactor;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.netty.channel.ChannelHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.ReactorNettyProperties;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.test.util.ReflectionTestUtils;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.TaskRuntimeConfigCustomizer;
import dev.loopline.autoconfigure.support.RuntimeThreads;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.netty.BatchFlushHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReactorNettyRuntimeAutoConfiguration}.
 */
class ReactorNettyRuntimeAutoConfigurationTests {

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations.of(
			NettyReactiveWebServerAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class,
			ReactorNettyRuntimeAutoConfiguration.class, TaskRuntimeAutoConfiguration.class);

	private final RuntimeThreads threads = RuntimeThreads.withUniquePrefix();

	private final String[] properties = { "loopline.workers=2", "spring.reactor.netty.shutdown-quiet-period=0",
			this.threads.property() };

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS)
		.withPropertyValues(this.properties);

	@Test
	void definesResourceFactoryForServerByDefault() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(ReactorResourceFactory.class);
			StrandResourceFactory factory = context.getBean(StrandResourceFactory.class);
			assertThat(factory.isUseGlobalResources()).isFalse();
			assertThat(context.getBean(NettyReactiveWebServerFactory.class)).extracting("resourceFactory")
				.isSameAs(factory);
		});
	}

	@Test
	void startsWithContextAndEndsWithIt() {
		this.contextRunner.run((context) -> {
			assertThat(context.getBean(TaskRuntime.class).config()).isSameAs(context.getBean(TaskRuntimeConfig.class));
			assertThat(this.threads.alive()).isNotEmpty();
		});
		this.threads.awaitNone();
	}

	@Test
	void startsNothingWhenDisabled() {
		this.contextRunner.withPropertyValues("loopline.enabled=false").run((context) -> {
			assertThat(context).doesNotHaveBean(StrandResourceFactory.class);
			assertThat(this.threads.alive()).isEmpty();
		});
	}

	@Test
	void backsOffWhenUserDefinesReactorResourceFactory() {
		this.contextRunner.withUserConfiguration(UserResourcesConfiguration.class).run((context) -> {
			assertThat(context).hasSingleBean(ReactorResourceFactory.class)
				.doesNotHaveBean(StrandResourceFactory.class)
				.hasBean("userResources");
			assertThat(this.threads.alive()).isEmpty();
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void serverBatchesFlushesUnlessToldOtherwise(boolean batch) {
		AtomicReference<ChannelHandler> first = new AtomicReference<>();
		this.contextRunner.withPropertyValues("loopline.netty.batch-flushes=" + batch).run((context) -> {
			HttpServer server = HttpServer.create().host("127.0.0.1").port(0);
			for (NettyServerCustomizer customizer : context.getBeansOfType(NettyServerCustomizer.class).values()) {
				server = customizer.apply(server);
			}
			DisposableServer bound = server
				.doOnConnection((connection) -> first.set(connection.channel().pipeline().first()))
				.handle((request, response) -> response.send())
				.bindNow();
			HttpClient.create().host("127.0.0.1").port(bound.port()).get().response().block(Duration.ofSeconds(20));
			bound.disposeNow();
		});
		assertThat(first.get() instanceof BatchFlushHandler).isEqualTo(batch);
	}

	@Test
	void usesTaskRuntimeConfigOfUser() {
		this.contextRunner
			.withBean(TaskRuntimeConfig.class, () -> TaskRuntimeConfig.of((builder) -> builder.workers(1)))
			.run((context) -> assertThat(context.getBean(TaskRuntime.class).config().workers()).isEqualTo(1));
	}

	@Test
	void appliesCustomizers() {
		this.contextRunner.withBean(TaskRuntimeConfigCustomizer.class, () -> (builder) -> builder.workers(3))
			.run((context) -> assertThat(context.getBean(TaskRuntime.class).config().workers()).isEqualTo(3));
	}

	@Test
	void appliesQuietPeriodOfSpringBoot() {
		this.contextRunner.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=7ms")
			.run((context) -> assertThat(
					ReflectionTestUtils.getField(context.getBean(StrandResourceFactory.class), "shutdownQuietPeriod"))
				.hasToString("PT0.007S"));
	}

	@ParameterizedTest
	@ValueSource(classes = { HttpServer.class, ReactorResourceFactory.class, ReactorNettyProperties.class })
	void backsOffWhenClassIsMissing(Class<?> missing) {
		new ReactiveWebApplicationContextRunner().withPropertyValues(this.properties)
			.withConfiguration(AutoConfigurations.of(ReactorNettyRuntimeAutoConfiguration.class,
					TaskRuntimeAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(missing))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("reactorResourceFactory"));
	}

	@Test
	void servesClientsOfServletWebApplication() {
		new WebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withPropertyValues(this.properties)
			.run((context) -> assertThat(context).hasSingleBean(StrandResourceFactory.class)
				.doesNotHaveBean(NettyReactiveWebServerFactory.class));
		this.threads.awaitNone();
	}

	@Test
	void servesClientsOfNonWebApplication() {
		new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withPropertyValues(this.properties)
			.run((context) -> assertThat(context).hasSingleBean(StrandResourceFactory.class)
				.doesNotHaveBean(NettyReactiveWebServerFactory.class));
		this.threads.awaitNone();
	}

	@Test
	void isOrderedBeforeSpringBootsUsersOfTheResources() {
		List<Class<?>> ordered = List.of(AutoConfigurations.getClasses(AUTO_CONFIGURATIONS));
		assertThat(ordered).containsSubsequence(TaskRuntimeAutoConfiguration.class,
				ReactorNettyRuntimeAutoConfiguration.class, NettyReactiveWebServerAutoConfiguration.class);
		assertThat(ordered).containsSubsequence(ReactorNettyRuntimeAutoConfiguration.class,
				ReactiveHttpClientAutoConfiguration.class);
	}

	@Test
	void isOrderedBeforeRSocketServerWhichIsNotOnTheClassPath() {
		assertThat(ReactorNettyRuntimeAutoConfiguration.class
			.getAnnotation(org.springframework.boot.autoconfigure.AutoConfiguration.class)
			.beforeName()).containsExactly(ReactiveHttpClientAutoConfiguration.class.getName(),
					"org.springframework.boot.rsocket.autoconfigure.RSocketServerAutoConfiguration");
	}

	@Configuration(proxyBeanMethods = false)
	static class UserResourcesConfiguration {

		@Bean
		ReactorResourceFactory userResources() {
			return new ReactorResourceFactory();
		}

	}

}
