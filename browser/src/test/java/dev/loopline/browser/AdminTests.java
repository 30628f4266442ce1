package dev.loopline.browser;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import de.codecentric.boot.admin.server.config.EnableAdminServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the view of the demo in Spring Boot Admin.
 */
class AdminTests extends InBrowser {

	private static final String LINE = "dev.loopline.demo.BlockController.block(BlockController.java:19)";

	/** It first has to find the endpoints of the demo. */
	private static final int SOON = 30_000;

	private ConfigurableApplicationContext admin;

	private URI address;

	private String instance;

	@BeforeEach
	void startAdmin() throws IOException, InterruptedException {
		this.admin = new SpringApplicationBuilder(Admin.class).run("--server.address=127.0.0.1", "--server.port=0",
				"--spring.thymeleaf.check-template-location=false");
		this.address = URI.create("http://127.0.0.1:" + this.admin.getEnvironment().getProperty("local.server.port"));
		HttpRequest request = HttpRequest.newBuilder(this.address.resolve("/instances"))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString("""
					{"name": "demo", "managementUrl": "%s", "healthUrl": "%s"}
					""".formatted(demo.uri("/actuator"), demo.uri("/actuator/health"))))
			.build();
		String answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
		Matcher id = Pattern.compile("\"id\":\"(\\w+)\"").matcher(answer);
		assertThat(id.find()).as(answer).isTrue();
		this.instance = id.group(1);
	}

	@AfterEach
	void stopAdmin() {
		this.admin.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1280, 1024, PHONE })
	void showsCulprit(int width) {
		Console console = open(width, "loopline");
		Locator culprit = console.page()
			.locator(".loopline-culprit", new Page.LocatorOptions().setHasText("GET /block" + LINE))
			.first();
		try (Neighbours neighbours = Neighbours.mixed(demo)) {
			console.expect(culprit).isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(SOON));
			console.expect(console.page().locator(".loopline-verdict")).containsText("Stalls");
			// Known from the second answer on
			console.expect(console.page().locator(".loopline-busy").first()).isVisible();
			console.picture((width == 1280) ? "admin" : "admin-" + width);
			culprit.locator("summary").click();
			console.expect(culprit.locator("pre")).containsText("java.lang.Thread.sleep");
			assertThat(console.violations(".loopline")).isEmpty();
			assertThat(console.scrollsSideways()).isFalse();
		}
		console.closeWithoutProblems();
	}

	@Test
	void isFoundInTheSidebar() {
		Console console = open(1280, "details");
		console.page()
			.locator("aside a", new Page.LocatorOptions().setHasText("Loopline"))
			.click(new Locator.ClickOptions().setTimeout(SOON));
		console.expect(console.page().locator(".loopline-verdict [role=status]"))
			.hasText(Pattern.compile("Calm|Stalls"));
		console.close();
	}

	private Console open(int width, String view) {
		return new Console(browser, width, 900, ColorScheme.LIGHT)
			.open(this.address.resolve("/instances/" + this.instance + "/" + view));
	}

	@SpringBootApplication
	@EnableAdminServer
	static class Admin {

	}

}
