package com.example;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/**
 * Its requests are Tomcat's. What WebClient answers is handled on Loopline's workers.
 */
@SpringBootApplication
@RestController
public class MvcApplication {

	private final WebClient client;

	MvcApplication(WebClient.Builder clients, @Value("${backend}") String backend) {
		this.client = clients.baseUrl(backend).build();
	}

	@GetMapping("/fine")
	Mono<String> fine() {
		return this.client.get().uri("/fine").retrieve().bodyToMono(String.class);
	}

	@GetMapping("/blocked")
	Mono<String> blocked() {
		return this.client.get().uri("/blocked").retrieve().bodyToMono(String.class).map((body) -> Gate.pass());
	}

	public static void main(String[] args) {
		SpringApplication.run(MvcApplication.class, args);
	}

}
