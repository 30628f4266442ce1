package com.example;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;

/**
 * Two routes to the same backend. The filter of one looks something up in a way that
 * blocks, as filters that ask a database for a key do.
 */
@SpringBootApplication
public class GatewayApplication {

	@Bean
	RouteLocator routes(RouteLocatorBuilder routes, @Value("${backend}") String backend) {
		return routes.routes()
			.route("fine", (route) -> route.path("/fine").uri(backend))
			.route("blocked", (route) -> route.path("/blocked").filters((filters) -> filters.filter((exchange, chain) -> {
				Gate.pass();
				return chain.filter(exchange);
			})).uri(backend))
			.build();
	}

	public static void main(String[] args) {
		SpringApplication.run(GatewayApplication.class, args);
	}

}
