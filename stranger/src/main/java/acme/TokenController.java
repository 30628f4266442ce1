package acme;

import reactor.core.publisher.Mono;

import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Who asks with a token.
 */
@RestController
@RequestMapping("/token")
class TokenController {

	@GetMapping("/me")
	Mono<String> me(@AuthenticationPrincipal Jwt token) {
		return Mono.just(token.getSubject());
	}

	@PostMapping("/write")
	Mono<String> write() {
		return Mono.just("written");
	}

}
