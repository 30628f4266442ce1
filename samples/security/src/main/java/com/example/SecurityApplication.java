package com.example;

import java.security.Principal;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.core.userdetails.ReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * Users come from a directory that blocks for one of them, as LDAP clients do.
 */
@SpringBootApplication
@RestController
public class SecurityApplication {

	@GetMapping("/fine")
	String fine(Principal principal) {
		return principal.getName();
	}

	@GetMapping("/blocked")
	String blocked() {
		return "passed";
	}

	@Bean
	ReactiveUserDetailsService directory() {
		return (name) -> Mono.fromSupplier(() -> {
			if (name.equals("slow")) {
				Gate.pass();
			}
			return User.withUsername(name).password("{noop}secret").roles("USER").build();
		});
	}

	public static void main(String[] args) {
		SpringApplication.run(SecurityApplication.class, args);
	}

}
