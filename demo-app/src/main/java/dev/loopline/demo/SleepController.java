package dev.loopline.demo;

import java.time.Duration;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * Answers after a delay and occupies no thread meanwhile.
 */
@RestController
class SleepController {

	private static final NumberParameter MS = new NumberParameter("ms", 0, 60_000);

	@GetMapping(path = "/sleep", produces = MediaType.TEXT_PLAIN_VALUE)
	Mono<String> sleep(@RequestParam(defaultValue = "100") String ms) {
		long delay = MS.parse(ms);
		return Mono.delay(Duration.ofMillis(delay)).thenReturn("Slept " + delay + " ms");
	}

}
