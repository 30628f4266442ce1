package acme;

import java.security.Principal;
import java.time.Duration;

import reactor.core.publisher.Mono;

import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebSession;

/**
 * Who asks, by each of the ways to find out.
 */
@RestController
@RequestMapping("/secure")
class SecureController {

	@GetMapping("/me")
	Mono<String> me(Mono<Principal> principal) {
		return principal.map(Principal::getName);
	}

	/** Who asks, found out elsewhere than where he was let in. */
	@GetMapping("/later")
	Mono<String> later() {
		return Mono.delay(Duration.ofMillis(5))
			.then(ReactiveSecurityContextHolder.getContext())
			.map((context) -> context.getAuthentication().getName());
	}

	@GetMapping("/admin")
	@PreAuthorize("hasRole('ADMIN')")
	Mono<String> admin() {
		return Mono.just("of an administrator");
	}

	@GetMapping("/count")
	Mono<String> count(WebSession session) {
		int count = session.getAttributeOrDefault("count", 0) + 1;
		session.getAttributes().put("count", count);
		return Mono.just(Integer.toString(count));
	}

	@PostMapping("/write")
	Mono<String> write() {
		return Mono.just("written");
	}

}
