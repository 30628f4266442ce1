package com.example;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * Asks Redis and a database, and handles some answers in a way that blocks.
 */
@SpringBootApplication
@RestController
public class DataApplication {

	private final ReactiveStringRedisTemplate redis;

	private final DatabaseClient database;

	DataApplication(ReactiveStringRedisTemplate redis, DatabaseClient database) {
		this.redis = redis;
		this.database = database;
	}

	@GetMapping("/fine")
	Mono<String> fine() {
		return this.redis.opsForValue()
			.set("greeting", "fine")
			.then(this.redis.opsForValue().get("greeting"))
			.flatMap((greeting) -> this.database.sql("SELECT 1").fetch().one().thenReturn(greeting));
	}

	@GetMapping("/blocked")
	Mono<String> blocked() {
		return this.redis.opsForValue().size("greeting").map((size) -> Gate.pass());
	}

	public static void main(String[] args) {
		SpringApplication.run(DataApplication.class, args);
	}

}
