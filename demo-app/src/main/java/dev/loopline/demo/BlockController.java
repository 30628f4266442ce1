package dev.loopline.demo;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Blocks the thread that runs the handler, as a careless driver or file access does.
 */
@RestController
class BlockController {

	private static final NumberParameter MS = new NumberParameter("ms", 0, 60_000);

	@GetMapping(path = "/block", produces = MediaType.TEXT_PLAIN_VALUE)
	String block(@RequestParam(defaultValue = "100") String ms) throws InterruptedException {
		long delay = MS.parse(ms);
		Thread.sleep(delay);
		return "Blocked for " + delay + " ms";
	}

}
