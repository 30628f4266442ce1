package dev.loopline.autoconfigure.clients;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;

import io.netty.channel.unix.DomainSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpResources;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.support.RuntimeThreads;
import dev.loopline.runtime.netty.Transport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReactorNettyGlobalsAutoConfiguration}.
 */
class ReactorNettyGlobalsAutoConfigurationTests extends FreshGlobals {

	private final RuntimeThreads threads = RuntimeThreads.withUniquePrefix();

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(NettyReactiveWebServerAutoConfiguration.class,
				ReactorNettyRuntimeAutoConfiguration.class, TaskRuntimeAutoConfiguration.class,
				ReactorNettyGlobalsAutoConfiguration.class))
		.withPropertyValues("loopline.workers=2", "spring.reactor.netty.shutdown-quiet-period=0",
				this.threads.property());

	@Test
	void clientsOfTheJvmRunAsStrandsUntilTheContextEnds() {
		HttpResources before = HttpResources.get();
		this.contextRunner.run((context) -> {
			assertThat(threadOfHttp()).startsWith(this.threads.prefix());
			assertThat(threadOfTcp()).startsWith(this.threads.prefix());
		});
		assertThat(HttpResources.get()).isSameAs(before);
		assertThat(before.isDisposed()).isFalse();
		assertThat(threadOfHttp()).startsWith("reactor-http-");
		assertThat(threadOfTcp()).startsWith("reactor-tcp-");
		this.threads.awaitNone();
	}

	@Test
	void clientsThatAreUsedWhileBeansAreMadeRunAsStrands() {
		this.contextRunner.withBean("caller", String.class, this::threadOfHttp)
			.run((context) -> assertThat(context.getBean("caller", String.class)).startsWith(this.threads.prefix()));
	}

	@Test
	void propertyLeavesThemAlone() {
		this.contextRunner.withPropertyValues("loopline.clients.reactor-netty=false")
			.run((context) -> assertThat(threadOfHttp()).startsWith("reactor-http-"));
	}

	@Test
	void switchOfAllLeavesThemAlone() {
		this.contextRunner.withPropertyValues("loopline.enabled=false")
			.run((context) -> assertThat(threadOfHttp()).startsWith("reactor-http-"));
	}

	@Test
	void resourcesOfTheUserStay() {
		this.contextRunner.withBean(ReactorResourceFactory.class)
			.run((context) -> assertThat(context).doesNotHaveBean(GlobalLoopsInstaller.class));
	}

	@ParameterizedTest
	@EnumSource(value = Transport.class, names = { "NIO", "AUTO" })
	void connectsToSocketsInTheFileSystem(Transport transport, @TempDir Path folder) throws IOException {
		Path path = folder.resolve("socket");
		try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			other.bind(UnixDomainSocketAddress.of(path));
			this.contextRunner.withPropertyValues("loopline.netty.transport=" + transport).run((context) -> {
				TcpClient client = TcpClient.create().remoteAddress(() -> new DomainSocketAddress(path.toFile()));
				client.connectNow(PATIENCE).disposeNow(PATIENCE);
				client.runOn(context.getBean(ClientLoops.class)).connectNow(PATIENCE).disposeNow(PATIENCE);
				ReactorResourceFactory resources = context.getBean(ReactorResourceFactory.class);
				client.runOn(resources.getLoopResources()).connectNow(PATIENCE).disposeNow(PATIENCE);
			});
		}
	}

	@Test
	void loopsOfTheUserStay() {
		HttpResources.set(LoopResources.create("users"));
		this.contextRunner.run((context) -> {
			assertThat(threadOfHttp()).startsWith("users-");
			assertThat(threadOfTcp()).startsWith(this.threads.prefix());
		});
		assertThat(threadOfHttp()).startsWith("users-");
	}

	@Test
	void loopsThatTheUserSetsMeanwhileStay() {
		this.contextRunner.run((context) -> {
			HttpResources.set(LoopResources.create("users"));
			assertThat(threadOfHttp()).startsWith("users-");
		});
		assertThat(threadOfHttp()).startsWith("users-");
	}

	@Test
	void secondContextHasThemWhenTheFirstEnds() {
		RuntimeThreads others = RuntimeThreads.withUniquePrefix();
		try (ConfigurableApplicationContext first = start(others)) {
			assertThat(threadOfHttp()).startsWith(others.prefix());
			this.contextRunner.run((second) -> {
				assertThat(threadOfHttp()).startsWith(others.prefix());
				first.close();
				assertThat(threadOfHttp()).startsWith(this.threads.prefix());
			});
		}
		assertThat(threadOfHttp()).startsWith("reactor-http-");
	}

	@Test
	void serversOfOthersOutliveTheContext() {
		try (ConfigurableApplicationContext context = start(this.threads)) {
			DisposableServer other = reactor.netty.http.server.HttpServer.create()
				.host("127.0.0.1")
				.port(0)
				.handle((request, response) -> response
					.sendString(Mono.fromCallable(() -> Thread.currentThread().getName())))
				.bindNow(PATIENCE);
			assertThat(get(other.port())).startsWith("reactor-http-");
			context.close();
			assertThat(get(other.port())).startsWith("reactor-http-");
			other.disposeNow(PATIENCE);
		}
	}

	@Test
	void restartsLeaveNothing() {
		try (ConfigurableApplicationContext context = start(this.threads)) {
			for (int i = 0; i < 6; i++) {
				assertThat(threadOfHttp()).startsWith(this.threads.prefix());
				context.stop();
				assertThat(threadOfHttp()).startsWith("reactor-http-");
				context.start();
			}
			assertThat(threadOfTcp()).startsWith(this.threads.prefix());
		}
		this.threads.awaitNone();
	}

	private static ConfigurableApplicationContext start(RuntimeThreads threads) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("spring.main.banner-mode=off", "loopline.workers=2",
					"spring.reactor.netty.shutdown-quiet-period=0", threads.property())
			.run();
	}

	private String threadOfHttp() {
		return WebClient.create("http://127.0.0.1:" + this.server.getAddress().getPort())
			.get()
			.retrieve()
			.bodyToMono(String.class)
			.map((body) -> Thread.currentThread().getName())
			.block(PATIENCE);
	}

	private static String get(int port) {
		return WebClient.create("http://127.0.0.1:" + port).get().retrieve().bodyToMono(String.class).block(PATIENCE);
	}

	private String threadOfTcp() {
		Connection connection = TcpClient.create()
			.host("127.0.0.1")
			.port(this.server.getAddress().getPort())
			.connectNow(PATIENCE);
		try {
			return Mono
				.<String>create((sink) -> connection.channel()
					.eventLoop()
					.execute(() -> sink.success(Thread.currentThread().getName())))
				.block(PATIENCE);
		}
		finally {
			connection.disposeNow(PATIENCE);
		}
	}

	@ImportAutoConfiguration({ ReactorNettyRuntimeAutoConfiguration.class, TaskRuntimeAutoConfiguration.class,
			ReactorNettyGlobalsAutoConfiguration.class })
	static class Application {

	}

}
