package acme;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webflux.test.autoconfigure.WebFluxTest;
import org.springframework.test.web.reactive.server.WebTestClient;

/**
 * One controller, which injects the runtime.
 */
@WebFluxTest(TaskController.class)
class SliceTests {

	@Test
	void controllerHasTheRuntime(@Autowired WebTestClient client) {
		client.get().uri("/task").exchange().expectBody(String.class).isEqualTo("42");
		client.get().uri("/job").exchange().expectBody(String.class).isEqualTo("done");
		client.get().uri("/").exchange().expectStatus().isNotFound();
	}

}
