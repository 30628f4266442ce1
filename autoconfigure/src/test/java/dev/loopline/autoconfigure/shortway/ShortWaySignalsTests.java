package dev.loopline.autoconfigure.shortway;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.micrometer.context.ContextRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.server.adapter.HttpWebHandlerAdapter;
import org.springframework.web.server.handler.ExceptionHandlingWebHandler;
import org.springframework.web.server.handler.FilteringWebHandler;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ShortWayHttpHandler} and what it is made of: whatever an application
 * hears of its requests is the same on both ways.
 */
class ShortWaySignalsTests {

	private static ConfigurableApplicationContext brief = start("true");

	private static ConfigurableApplicationContext stock = start("false");

	private static ConfigurableApplicationContext start(String shortWay) {
		return new SpringApplicationBuilder(Signals.class).web(WebApplicationType.REACTIVE)
			.run("--server.port=0", "--loopline.web.short-way=" + shortWay, "--logging.level.root=off",
					"--spring.main.banner-mode=off");
	}

	@BeforeAll
	static void waysDiffer() {
		assertThat(brief.getBean("requestMappingHandlerMapping")).isInstanceOf(RememberingHandlerMapping.class);
		assertThat(stock.getBean("requestMappingHandlerMapping")).isNotInstanceOf(RememberingHandlerMapping.class);
	}

	@AfterAll
	static void stop() {
		brief.close();
		stock.close();
		ContextRegistry.getInstance().removeThreadLocalAccessor(Signals.USER);
		LoggingSystem.get(ShortWaySignalsTests.class.getClassLoader())
			.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.INFO);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/plain", "/mono", "/fatal-json", "/fatal-hidden", "/wrapped", "/wrapped-json",
			"/assertion", "/two", "/value-and-error", "/late-completion", "/unwritable", "/fn/noted", "/fn/no-type",
			"/no/such/path", "/unwritable?continue", "/plain?continue" })
	void answersAreTheSame(String path) {
		assertThat(seen(brief, path)).isEqualTo(seen(stock, path)).anyMatch((line) -> line.equals("complete"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/never", "/value-only", "/fn/endless", "/mono?commit-never", "/plain?commit-never" })
	void cancellationsReachTheSame(String path) {
		assertThat(seen(brief, path)).isEqualTo(seen(stock, path)).anyMatch((line) -> line.equals("pending"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/plain?observe-fails", "/mono?observe-fails", "/no/such/path?observe-fails" })
	void observersMayFail(String path) {
		assertThat(seen(brief, path)).isEqualTo(seen(stock, path)).anyMatch((line) -> line.contains("observed"));
	}

	@Test
	void fatalErrorsAreThrownWhereTheyAreOnStock() {
		assertThat(seen(brief, "/fatal")).isEqualTo(seen(stock, "/fatal"))
			.contains("thrown java.lang.StackOverflowError: fatal");
	}

	@Test
	void observersMayFailToSeeACancellation() {
		assertThat(seen(brief, "/never?observe-fails")).isEqualTo(seen(stock, "/never?observe-fails"))
			.contains("value cancelled");
	}

	@Test
	void observersSeeThreadLocalsOfTheServersContext() {
		Context context = Context.of(Signals.USER, "somebody");
		assertThat(seen(brief, "/plain", "text/plain", context)).isEqualTo(seen(stock, "/plain", "text/plain", context))
			.anyMatch((line) -> line.startsWith("observation stops for somebody"));
	}

	@Test
	void equalTypesMayDifferInTheOrderOfTheirParameters() {
		for (String accepted : List.of("text/plain;a=1;b=2", "text/plain;b=2;a=1", "text/plain;b=2;q=0.5",
				"text/plain;q=0.5;b=2", "text/plain")) {
			assertThat(seen(brief, "/plain", accepted, Context.empty())).as(accepted)
				.isEqualTo(seen(stock, "/plain", accepted, Context.empty()));
		}
	}

	@Test
	void errorsAreNotRefusedForWhatTheirClientAccepts() {
		for (String accepted : List.of("no type", "image/png", "text/plain")) {
			assertThat(seen(brief, "/bad", accepted, Context.empty())).as(accepted)
				.isEqualTo(seen(stock, "/bad", accepted, Context.empty()))
				.contains("400 BAD_REQUEST true");
		}
	}

	@Test
	void objectsMaySayWhatTypeTheyHave() {
		for (String path : List.of("/typed?buffer=false", "/typed?buffer=true", "/typed?buffer=false")) {
			assertThat(seen(brief, path)).as(path).isEqualTo(seen(stock, path));
		}
	}

	@Test
	void dispatchersOfOtherContextsAreLeftAlone() {
		HttpWebHandlerAdapter adapter = new HttpWebHandlerAdapter(new ExceptionHandlingWebHandler(
				new FilteringWebHandler(stock.getBean(DispatcherHandler.class), List.of()), List.of()));
		adapter.setApplicationContext(brief);
		assertThat(ShortWayHttpHandler.of(adapter)).isSameAs(adapter);
		adapter.setApplicationContext(stock);
		assertThat(ShortWayHttpHandler.of(adapter)).isInstanceOf(ShortWayHttpHandler.class);
	}

	private static List<String> seen(ConfigurableApplicationContext application, String path) {
		return seen(application, path, "*/*", Context.empty());
	}

	private static List<String> seen(ConfigurableApplicationContext application, String path, String accepted,
			Context context) {
		MockServerHttpResponse response = new MockServerHttpResponse();
		AtomicReference<String> end = new AtomicReference<>("pending");
		List<String> seen = new ArrayList<>();
		try {
			Mono<Void> handling = application.getBean(HttpHandler.class)
				.handle(MockServerHttpRequest.get("http://localhost" + path).header("Accept", accepted).build(),
						response);
			Disposable request = handling.subscribe((nothing) -> {
			}, (ex) -> end.set("error " + ex), () -> end.set("complete"), context);
			seen.add(end.get());
			request.dispose();
		}
		catch (Throwable ex) {
			seen.add("thrown " + ex);
		}
		seen.add(response.getStatusCode() + " " + response.isCommitted());
		String body = (response.isCommitted() && seen.get(0).equals("complete"))
				? response.getBodyAsString().onErrorReturn("").blockOptional().orElse("") : "";
		seen.add(withoutChance(body));
		HttpStatusCode status = response.getStatusCode();
		boolean namesTheTime = status != null && status.isError();
		response.getHeaders()
			.forEach((name, values) -> seen
				.add(name + ((namesTheTime && name.equals(HttpHeaders.CONTENT_LENGTH)) ? "" : values)));
		seen.addAll(application.getBean(Signals.class).take());
		return seen;
	}

	/**
	 * The answers to errors name the time, as short as it can be written, and the
	 * request.
	 */
	private static String withoutChance(String body) {
		return body.replaceAll("\"timestamp\":\"[^\"]*\"", "").replaceAll("\"requestId\":\"[^\"]*\"", "");
	}

}
