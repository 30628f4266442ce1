package acme;

import java.util.UUID;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Knows nothing of Loopline.
 */
@RestController
class PlainController {

	/** Another one after a restart. */
	private final String instance = UUID.randomUUID().toString();

	@GetMapping("/")
	String hello() {
		return "Hello";
	}

	@GetMapping("/instance")
	String instance() {
		return this.instance;
	}

	@GetMapping("/thread")
	String thread() {
		return Thread.currentThread().getName();
	}

	@GetMapping("/park")
	String park() throws InterruptedException {
		Thread.sleep(20);
		return "parked";
	}

	@PostMapping("/echo")
	String echo(@RequestBody String body) {
		return body;
	}

}
