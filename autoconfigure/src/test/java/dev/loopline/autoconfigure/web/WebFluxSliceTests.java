package dev.loopline.autoconfigure.web;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webflux.test.autoconfigure.WebFluxTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import dev.loopline.autoconfigure.reactor.StrandResourceFactory;
import dev.loopline.runtime.TaskRuntime;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the slice of {@link WebFluxTest @WebFluxTest}, which has no server.
 */
@WebFluxTest(properties = "loopline.thread-name-prefix=slice-")
@ContextConfiguration(classes = WebFluxSliceTests.App.class)
class WebFluxSliceTests {

	@Test
	void controllerHasTheRuntimeAndTheScheduler(@Autowired WebTestClient client) {
		client.get()
			.uri("/")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.value((body) -> assertThat(body).matches("slice-\\S+ on slice-\\S+"));
	}

	@Test
	void nothingOfConnectionsIsThere(@Autowired ApplicationContext context) {
		assertThat(context.getBeanNamesForType(StrandResourceFactory.class)).isEmpty();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class App {

	}

	@RestController
	static class Controller {

		private final TaskRuntime runtime;

		private final Scheduler scheduler;

		Controller(TaskRuntime runtime, Scheduler scheduler) {
			this.runtime = runtime;
			this.scheduler = scheduler;
		}

		@GetMapping("/")
		Mono<String> threads() {
			return Mono.fromCompletionStage(this.runtime.spawn(() -> Thread.currentThread().getName()))
				.publishOn(this.scheduler)
				.map((thread) -> thread + " on " + Thread.currentThread().getName());
		}

	}

}
