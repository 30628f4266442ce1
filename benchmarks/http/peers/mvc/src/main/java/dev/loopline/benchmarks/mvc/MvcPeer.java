package dev.loopline.benchmarks.mvc;

import java.time.Duration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Hello World on Spring MVC, with two handlers that misbehave.
 */
@SpringBootApplication
@RestController
public class MvcPeer {

	public static void main(String[] args) {
		SpringApplication.run(MvcPeer.class, args);
	}

	@GetMapping(path = "/", produces = MediaType.TEXT_PLAIN_VALUE)
	String hello() {
		return "Hello, World!";
	}

	@GetMapping(path = "/block", produces = MediaType.TEXT_PLAIN_VALUE)
	String block(@RequestParam(defaultValue = "0") long ms) throws InterruptedException {
		Thread.sleep(ms);
		return "blocked";
	}

	@GetMapping(path = "/burn", produces = MediaType.TEXT_PLAIN_VALUE)
	String burn(@RequestParam(defaultValue = "0") long ms) {
		long end = System.nanoTime() + Duration.ofMillis(ms).toNanos();
		while (System.nanoTime() < end) {
			Thread.onSpinWait();
		}
		return "burned";
	}

}
