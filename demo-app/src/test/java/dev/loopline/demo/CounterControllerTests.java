package dev.loopline.demo;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CounterController}.
 */
@DemoTest
class CounterControllerTests {

	@Autowired
	private WebTestClient client;

	@Test
	void countsEveryRequestOnce() {
		post("/counter?by=0");
		long before = total();
		Flux.range(0, 200)
			.flatMap((i) -> Mono.fromRunnable(() -> post("/counter")).subscribeOn(Schedulers.boundedElastic()), 16)
			.blockLast();
		assertThat(total()).isEqualTo(before + 200);
	}

	private long total() {
		String body = post("/counter?by=0");
		return Long.parseLong(body.substring("Counted to ".length()));
	}

	private String post(String path) {
		return this.client.post()
			.uri(path)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.returnResult()
			.getResponseBody();
	}

}
