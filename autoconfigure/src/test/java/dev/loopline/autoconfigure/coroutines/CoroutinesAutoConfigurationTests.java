package dev.loopline.autoconfigure.coroutines;

import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.intrinsics.IntrinsicsKt;
import kotlin.coroutines.jvm.internal.ContinuationImpl;
import kotlinx.coroutines.CoroutineDispatcher;
import kotlinx.coroutines.DelayKt;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.CoWebFilter;
import org.springframework.web.server.CoWebFilterChain;
import org.springframework.web.server.ServerWebExchange;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link CoroutinesAutoConfiguration}.
 */
class CoroutinesAutoConfigurationTests {

	private static final String BEGAN = "began";

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(NettyReactiveWebServerAutoConfiguration.class,
				ReactorNettyRuntimeAutoConfiguration.class, TaskRuntimeAutoConfiguration.class,
				CoroutinesAutoConfiguration.class));

	@Test
	void coroutineGoesOnOnStrandOfItsRequestAfterDelay() {
		try (TestServer server = TestServer.start(App.class)) {
			assertThat(server.get("/where").body()).isEqualTo("the same strand");
		}
	}

	@Test
	void coroutineGoesOnWhereItWasResumedWhenSwitchedOff() {
		try (TestServer server = TestServer.start(App.class, "loopline.web.coroutines=false")) {
			assertThat(server.get("/where").body()).startsWith("kotlinx.coroutines.DefaultExecutor");
		}
	}

	@Test
	void coroutineThatOutlivesTheRuntimeIsResumed() {
		Thread[] resumed = new Thread[1];
		TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)));
		StrandDispatcher dispatcher = new StrandDispatcher(runtime.newStrand());
		runtime.close();
		dispatcher.dispatch(dispatcher, () -> resumed[0] = Thread.currentThread());
		await().until(() -> resumed[0] != null);
	}

	@Test
	void backsOffWithoutCoroutines() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(CoroutineDispatcher.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(CoroutinesAutoConfiguration.class));
	}

	@Test
	void backsOffWhenAllIsSwitchedOff() {
		this.contextRunner.withPropertyValues("loopline.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(StrandDispatcherFilter.class));
	}

	/**
	 * An application with a filter as Kotlin's compiler would make it.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		@Bean
		CoWebFilter delaying() {
			return new CoWebFilter() {

				@Override
				protected Object filter(ServerWebExchange exchange, CoWebFilterChain chain,
						Continuation<? super Unit> completion) {
					exchange.getAttributes().put(BEGAN, Strand.current());
					Rest rest = new Rest(exchange, chain, completion);
					Object delayed = DelayKt.delay(5, rest);
					return (delayed != IntrinsicsKt.getCOROUTINE_SUSPENDED()) ? rest.invokeSuspend(delayed) : delayed;
				}

			};
		}

		@RestController
		static class Controller {

			@GetMapping("/where")
			String where(ServerWebExchange exchange) {
				Strand current = Strand.current();
				if (current == null) {
					return Thread.currentThread().getName();
				}
				return (current != exchange.getAttribute(BEGAN)) ? "another strand" : "the same strand";
			}

		}

	}

	/**
	 * What follows the delay: called by whoever ends it, or at once by the filter if it
	 * had ended before the filter could suspend.
	 */
	private static final class Rest extends ContinuationImpl {

		private final ServerWebExchange exchange;

		private final CoWebFilterChain chain;

		private boolean delayed;

		@SuppressWarnings("unchecked")
		Rest(ServerWebExchange exchange, CoWebFilterChain chain, Continuation<? super Unit> completion) {
			super((Continuation<Object>) (Continuation<?>) completion);
			this.exchange = exchange;
			this.chain = chain;
		}

		@Override
		protected Object invokeSuspend(Object result) {
			if (!this.delayed) {
				this.delayed = true;
				Object outcome = this.chain.filter(this.exchange, this);
				return (outcome == IntrinsicsKt.getCOROUTINE_SUSPENDED()) ? outcome : Unit.INSTANCE;
			}
			return Unit.INSTANCE;
		}

	}

}
