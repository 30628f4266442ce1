package dev.loopline.autoconfigure.drill;

import java.time.Duration;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import reactor.core.publisher.Mono;

/**
 * Handlers as applications have them, good and bad. Safe for use by many threads.
 */
final class DrillHandlers {

	@GetMapping("/")
	@ResponseBody
	String hello() {
		return "Hello";
	}

	@GetMapping("/later/{name}")
	@ResponseBody
	Mono<String> later(@RequestParam(defaultValue = "1") int ms) {
		return Mono.delay(Duration.ofMillis(ms)).thenReturn("Later");
	}

	@GetMapping("/block")
	@ResponseBody
	String block(@RequestParam(defaultValue = "2") String ms) {
		sleep(Long.parseLong(ms));
		return "Blocked";
	}

	@GetMapping("/listed")
	@ResponseBody
	String listed(@RequestParam(defaultValue = "1") long ms) {
		sleep(ms);
		return "Blocked, as was expected";
	}

	@GetMapping("/burn")
	@ResponseBody
	String burn(@RequestParam(defaultValue = "2") long ms) {
		long end = System.nanoTime() + Duration.ofMillis(ms).toNanos();
		while (System.nanoTime() - end < 0) {
			Thread.onSpinWait();
		}
		return "Burned";
	}

	/** BlockHound is told of this name. */
	static void sleep(long ms) {
		try {
			Thread.sleep(ms);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
