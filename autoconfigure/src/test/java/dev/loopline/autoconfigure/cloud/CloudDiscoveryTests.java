package dev.loopline.autoconfigure.cloud;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.cloud.client.CommonsClientAutoConfiguration;
import org.springframework.cloud.client.ReactiveCommonsClientAutoConfiguration;
import org.springframework.cloud.client.discovery.simple.reactive.SimpleReactiveDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancerBeanPostProcessorAutoConfiguration;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClient;
import org.springframework.cloud.loadbalancer.config.LoadBalancerAutoConfiguration;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import dev.loopline.autoconfigure.webclient.WebClientLayersAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for requests to services whose servers Spring Cloud LoadBalancer knows.
 */
class CloudDiscoveryTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(WebClientLayersAutoConfiguration.class, WebClientAutoConfiguration.class,
						LoadBalancerAutoConfiguration.class, LoadBalancerBeanPostProcessorAutoConfiguration.class,
						CommonsClientAutoConfiguration.class, ReactiveCommonsClientAutoConfiguration.class,
						UtilAutoConfiguration.class, SimpleReactiveDiscoveryClientAutoConfiguration.class))
		.withPropertyValues("loopline.client.limits.services.hosts=orders,nobody",
				"loopline.client.limits.services.discovery=true");

	private DisposableServer one;

	private DisposableServer two;

	@BeforeEach
	void start() {
		this.one = serve("one");
		this.two = serve("two");
	}

	private static DisposableServer serve(String name) {
		return HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.handle((request, response) -> response.sendString(Mono.just(name)))
			.bindNow();
	}

	@AfterEach
	void stop() {
		this.one.disposeNow();
		this.two.disposeNow();
	}

	@Test
	void requestsGoToAllServersOfTheService() {
		withServers().run((context) -> {
			List<String> answers = Flux.range(0, 40)
				.concatMap((i) -> get(context, "orders"))
				.collectList()
				.block(PATIENCE);
			assertThat(answers).contains("one", "two").hasSize(40);
		});
	}

	@Test
	void serverThatIsGoneIsAskedSeldom() {
		this.two.disposeNow();
		withServers().run((context) -> {
			List<String> answers = Flux.range(0, 60)
				.concatMap((i) -> get(context, "orders").onErrorReturn("failed"))
				.collectList()
				.block(PATIENCE);
			assertThat(answers).filteredOn("failed"::equals).hasSizeLessThan(20);
		});
	}

	@Test
	void serviceThatNobodyKnowsIsUnavailable() {
		withServers().run((context) -> assertThat(context.getBean(WebClient.Builder.class)
			.build()
			.get()
			.uri("http://nobody/")
			.exchangeToMono((response) -> response.releaseBody().thenReturn(response.statusCode().value()))
			.block(PATIENCE)).isEqualTo(503));
	}

	@Test
	void loadBalancerThatIsSwitchedOffIsMissed() {
		withServers().withPropertyValues("spring.cloud.loadbalancer.enabled=false")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("needs Spring Cloud LoadBalancer"));
	}

	@Test
	void serversAreThoseOfTheHint() {
		String prefix = "spring.cloud.discovery.client.simple.instances.orders";
		withServers().withUserConfiguration(Hints.class)
			.withPropertyValues(prefix + "[0].metadata.hint=blue", prefix + "[1].metadata.hint=green",
					"spring.cloud.loadbalancer.hint.orders=green")
			.run((context) -> assertThat(
					Flux.range(0, 20).concatMap((i) -> get(context, "orders")).collectList().block(PATIENCE))
				.containsOnly("two"));
	}

	@Test
	void serverWithoutPortHasThatOfItsScheme() {
		String prefix = "spring.cloud.discovery.client.simple.instances.orders";
		this.contextRunner
			.withPropertyValues(prefix + "[0].uri=https://orders.test", prefix + "[1].uri=http://orders.test")
			.run((context) -> assertThat(
					Flux.range(0, 20).concatMap((i) -> sentTo(context, "orders")).collectList().block(PATIENCE))
				.containsOnly("https://orders.test/", "http://orders.test/"));
	}

	private static Mono<String> sentTo(ApplicationContext context, String service) {
		return context.getBean(WebClient.Builder.class)
			.exchangeFunction(
					(request) -> Mono.just(ClientResponse.create(HttpStatus.OK).body(request.url().toString()).build()))
			.build()
			.get()
			.uri("http://" + service + "/")
			.retrieve()
			.bodyToMono(String.class);
	}

	private ReactiveWebApplicationContextRunner withServers() {
		String prefix = "spring.cloud.discovery.client.simple.instances.orders";
		return this.contextRunner.withPropertyValues(prefix + "[0].uri=http://127.0.0.1:" + this.one.port(),
				prefix + "[1].uri=http://127.0.0.1:" + this.two.port());
	}

	private static Mono<String> get(ApplicationContext context, String service) {
		return context.getBean(WebClient.Builder.class)
			.build()
			.get()
			.uri("http://" + service + "/")
			.retrieve()
			.bodyToMono(String.class);
	}

	/**
	 * Lets hints choose among the servers.
	 */
	@LoadBalancerClient(name = "orders", configuration = Hinted.class)
	static class Hints {

	}

	/**
	 * What the context of the service has.
	 */
	static class Hinted {

		@Bean
		ServiceInstanceListSupplier servers(ConfigurableApplicationContext context) {
			return ServiceInstanceListSupplier.builder().withDiscoveryClient().withHints().build(context);
		}

	}

}
