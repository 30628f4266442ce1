package acme;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.context.ApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

/**
 * Without a server.
 */
@SpringBootTest
@AutoConfigureWebTestClient
class MockTests {

	@Test
	void autoConfiguredClientIsAnswered(@Autowired WebTestClient client) {
		assertAnswers(client);
	}

	@Test
	void boundClientIsAnswered(@Autowired ApplicationContext context) {
		assertAnswers(WebTestClient.bindToApplicationContext(context).build());
	}

	private static void assertAnswers(WebTestClient client) {
		client.get().uri("/").exchange().expectBody(String.class).isEqualTo("Hello");
		client.get().uri("/park").exchange().expectBody(String.class).isEqualTo("parked");
		client.get().uri("/task").exchange().expectBody(String.class).isEqualTo("42");
		client.post().uri("/echo").bodyValue("said").exchange().expectBody(String.class).isEqualTo("said");
		client.get().uri("/nowhere").exchange().expectStatus().isNotFound();
	}

}
