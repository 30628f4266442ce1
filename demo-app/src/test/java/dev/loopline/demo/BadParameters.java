package dev.loopline.demo;

import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

/**
 * What a bad parameter must lead to.
 */
final class BadParameters {

	private BadParameters() {
	}

	static void expectProblem(WebTestClient client, String path, String parameter, String requirement,
			Object... variables) {
		client.get()
			.uri(path, variables)
			.exchange()
			.expectStatus()
			.isBadRequest()
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody()
			.jsonPath("$.status")
			.isEqualTo(400)
			.jsonPath("$.parameter")
			.isEqualTo(parameter)
			.jsonPath("$.detail")
			.isEqualTo("Parameter '" + parameter + "' must be " + requirement);
	}

}
