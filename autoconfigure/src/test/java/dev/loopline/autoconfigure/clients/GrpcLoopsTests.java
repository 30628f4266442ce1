package dev.loopline.autoconfigure.clients;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import io.grpc.Channel;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientAutoConfiguration;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerAutoConfiguration;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerExecutorProvider;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.grpc.client.GrpcChannelFactory;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import reactor.core.publisher.Flux;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.support.RuntimeThreads;
import dev.loopline.runtime.TaskRuntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link GrpcClientLoopsAutoConfiguration} and
 * {@link GrpcServerLoopsAutoConfiguration}: a client and a server in one application.
 */
class GrpcLoopsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final RuntimeThreads threads = RuntimeThreads.withUniquePrefix();

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(NettyReactiveWebServerAutoConfiguration.class,
				ReactorNettyRuntimeAutoConfiguration.class, TaskRuntimeAutoConfiguration.class,
				GrpcClientLoopsAutoConfiguration.class, GrpcServerLoopsAutoConfiguration.class,
				SslAutoConfiguration.class, GrpcClientAutoConfiguration.class, GrpcServerAutoConfiguration.class))
		.withPropertyValues("loopline.workers=2", "spring.reactor.netty.shutdown-quiet-period=0",
				"spring.grpc.server.address=127.0.0.1", "spring.grpc.server.port=0", this.threads.property());

	@Test
	void callsAndAnswersRunAsStrands() {
		List<String> before = RuntimeThreads.withPrefix("grpc-").alive();
		serving((asked) -> Thread.currentThread().getName()).run((context) -> {
			Channel channel = channel(context);
			assertThat(GrpcEcho.say(channel, "").block(PATIENCE)).startsWith(this.threads.prefix());
			assertThat(threadOf(channel)).startsWith(this.threads.prefix());
			assertThat(RuntimeThreads.withPrefix("grpc-").alive()).filteredOn((name) -> !before.contains(name))
				.noneMatch((name) -> name.startsWith("grpc-default-executor") || name.contains("boss"));
		});
		this.threads.awaitNone();
	}

	@Test
	void serviceMethodsThatBlockHoldUpNoOtherCallOfTheConnection() {
		CountDownLatch others = new CountDownLatch(64);
		serving((asked) -> {
			if (asked.equals("block")) {
				awaitUninterruptibly(others);
			}
			return asked;
		}).run((context) -> {
			Channel channel = channel(context);
			CountDownLatch done = new CountDownLatch(16);
			for (int i = 0; i < 16; i++) {
				GrpcEcho.say(channel, "block").subscribe((answer) -> done.countDown());
			}
			callMany(channel, others);
			awaitUninterruptibly(done);
		});
	}

	@Test
	void callbacksThatBlockHoldUpNoOtherCallOfTheConnection() {
		serving((asked) -> asked).run((context) -> {
			Channel channel = channel(context);
			CountDownLatch others = new CountDownLatch(64);
			CountDownLatch done = new CountDownLatch(16);
			for (int i = 0; i < 16; i++) {
				GrpcEcho.say(channel, "any")
					.doOnNext((answer) -> awaitUninterruptibly(others))
					.subscribe((answer) -> done.countDown());
			}
			callMany(channel, others);
			awaitUninterruptibly(done);
		});
	}

	private static void callMany(Channel channel, CountDownLatch calls) {
		Flux.range(0, (int) calls.getCount())
			.concatMap((i) -> GrpcEcho.say(channel, "other"))
			.doOnNext((answer) -> calls.countDown())
			.blockLast(PATIENCE);
	}

	@Test
	void callIsOfItsMethodAndItsAnswerOfTheWorkThatCalled() {
		serving((asked) -> SomeWork.routeOfCaller()).run((context) -> {
			CompletableFuture<String> routes = new CompletableFuture<>();
			new SomeWork("GET /asked").run(context.getBean(TaskRuntime.class), () -> GrpcEcho.say(channel(context), "")
				.subscribe((answer) -> routes.complete(answer + ", " + SomeWork.routeOfCaller())));
			assertThat(routes.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(GrpcEcho.METHOD + ", GET /asked");
		});
	}

	@Test
	void whatACallGoesOnWithIsOfItsMethod() {
		ApplicationContext[] application = new ApplicationContext[1];
		serving((asked) -> asked.isEmpty() ? next(application[0]) : asked).run((context) -> {
			application[0] = context;
			assertThat(GrpcEcho.say(channel(context), "").block(PATIENCE)).isEqualTo(GrpcEcho.METHOD);
		});
	}

	private String next(ApplicationContext context) {
		CompletableFuture<String> route = new CompletableFuture<>();
		GrpcEcho.say(channel(context), "next").subscribe((answer) -> route.complete(SomeWork.routeOfCaller()));
		return route.join();
	}

	@Test
	void whoWaitsForAnAnswerGetsIt() {
		serving((asked) -> asked)
			.run((context) -> assertThat(GrpcEcho.sayAndWait(channel(context), "one")).isEqualTo("one"));
	}

	@Test
	void methodIsBlamedForTheStall() {
		serving((asked) -> {
			TaskRuntime runtime = TaskRuntime.current();
			assertThat(runtime).isNotNull();
			await().until(() -> !runtime.diagnostics().stalls().culprits().isEmpty());
			return runtime.diagnostics().stalls().culprits().toString();
		}).run((context) -> assertThat(GrpcEcho.say(channel(context), "").block(PATIENCE)).contains(GrpcEcho.METHOD));
	}

	@Test
	void contextThatIsStartedAgainGoesOnOnTheSameChannel() {
		serving((asked) -> Thread.currentThread().getName()).run((context) -> {
			ConfigurableApplicationContext application = context.getSourceApplicationContext();
			for (int i = 0; i < 3; i++) {
				Channel channel = channel(context);
				assertThat(GrpcEcho.say(channel, "").block(PATIENCE)).startsWith(this.threads.prefix());
				application.stop();
				application.start();
				GrpcEcho.say(channel, "").onErrorComplete().block(PATIENCE); // its server
																				// is
																				// another
																				// one
			}
		});
		this.threads.awaitNone();
	}

	@Test
	void channelOutlivesARestart() throws Exception {
		Server peer = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.addService(new GrpcEcho((asked) -> asked))
			.build()
			.start();
		try {
			this.contextRunner.run((context) -> {
				Channel channel = context.getBean(GrpcChannelFactory.class)
					.createChannel("static://127.0.0.1:" + peer.getPort());
				ConfigurableApplicationContext application = context.getSourceApplicationContext();
				for (int i = 0; i < 3; i++) {
					assertThat(threadOf(channel)).startsWith(this.threads.prefix());
					application.stop();
					application.start();
				}
				assertThat(threadOf(channel)).startsWith(this.threads.prefix());
			});
			this.threads.awaitNone();
		}
		finally {
			peer.shutdownNow().awaitTermination();
		}
	}

	@Test
	void customizerAndExecutorOfTheUserWin() {
		ExecutorService users = Executors.newCachedThreadPool((task) -> new Thread(task, "users-thread"));
		serving((asked) -> Thread.currentThread().getName())
			.withBean(GrpcServerExecutorProvider.class, () -> () -> users)
			.run((context) -> assertThat(GrpcEcho.say(channel(context), "").block(PATIENCE)).isEqualTo("users-thread"));
		users.shutdownNow();
	}

	@Test
	void propertiesLeaveThemAlone() {
		serving((asked) -> Thread.currentThread().getName())
			.withPropertyValues("loopline.clients.grpc=false", "loopline.clients.grpc-server=false")
			.run((context) -> {
				Channel channel = channel(context);
				assertThat(GrpcEcho.say(channel, "").block(PATIENCE)).startsWith("grpc-");
				assertThat(threadOf(channel)).startsWith("grpc-");
			});
	}

	@Test
	void switchOfAllLeavesThemAlone() {
		serving((asked) -> Thread.currentThread().getName()).withPropertyValues("loopline.enabled=false")
			.run((context) -> assertThat(GrpcEcho.say(channel(context), "").block(PATIENCE)).startsWith("grpc-"));
	}

	@Test
	void backsOffWithoutNettysGrpc() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("io.grpc.netty"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(GrpcChannels.class)
				.doesNotHaveBean(GrpcServers.class));
	}

	private ReactiveWebApplicationContextRunner serving(UnaryOperator<String> answer) {
		return this.contextRunner.withPropertyValues("loopline.stall.threshold=5ms").withBean(GrpcEcho.class, answer);
	}

	private static Channel channel(ApplicationContext context) {
		return context.getBean(GrpcChannelFactory.class)
			.createChannel("static://127.0.0.1:" + context.getBean(GrpcServerLifecycle.class).getPort());
	}

	private static @Nullable String threadOf(Channel channel) {
		return GrpcEcho.say(channel, "").map((answer) -> Thread.currentThread().getName()).block(PATIENCE);
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		await().until(() -> latch.getCount() == 0);
	}

}
