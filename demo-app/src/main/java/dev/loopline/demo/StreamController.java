package dev.loopline.demo;

import java.time.Duration;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

/**
 * Counts in server-sent events, at the pace of the client if that is the slower one.
 */
@RestController
class StreamController {

	private static final NumberParameter COUNT = new NumberParameter("count", 1, 10_000);

	private static final NumberParameter MS = new NumberParameter("ms", 0, 60_000);

	@GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<Integer> stream(@RequestParam(defaultValue = "10") String count,
			@RequestParam(defaultValue = "100") String ms) {
		int events = (int) COUNT.parse(count);
		Duration pause = Duration.ofMillis(MS.parse(ms));
		return Flux.range(1, events).delayElements(pause);
	}

}
