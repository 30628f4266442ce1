package dev.loopline.demo;

import java.util.concurrent.TimeUnit;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Keeps a processor busy in the handler, as a large rendering or a hash does.
 */
@RestController
class BurnController {

	private static final NumberParameter MS = new NumberParameter("ms", 0, 10_000);

	@GetMapping(path = "/burn", produces = MediaType.TEXT_PLAIN_VALUE)
	String burn(@RequestParam(defaultValue = "20") String ms) {
		long duration = MS.parse(ms);
		long rounds = burn(TimeUnit.MILLISECONDS.toNanos(duration));
		return "Burned " + duration + " ms in " + rounds + " rounds";
	}

	private static long burn(long nanos) {
		long start = System.nanoTime();
		long rounds = 0;
		while (System.nanoTime() - start < nanos) {
			rounds++;
		}
		return rounds;
	}

}
