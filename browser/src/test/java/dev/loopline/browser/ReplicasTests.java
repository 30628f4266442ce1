package dev.loopline.browser;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the comparison of replicas.
 */
class ReplicasTests extends InBrowser {

	private static final String HOSTILE = "<img src=x onerror=alert(1)>";

	@Test
	void nobodyIsAskedBeforeSomebodySaysSo() {
		Console console = new Console(browser, 1280, 900, ColorScheme.LIGHT);
		List<String> asked = new CopyOnWriteArrayList<>();
		console.page().onRequest((request) -> asked.add(request.url()));
		console.open(demo, "replicas?replicas=http://127.0.0.1:1,http://127.0.0.1:2");
		console.expect("addresses").hasValue("http://127.0.0.1:1\nhttp://127.0.0.1:2");
		console.page().waitForTimeout(500);
		assertThat(asked).isNotEmpty().allMatch((url) -> url.contains("/replicas") || url.matches(".*\\.(js|css)"));
		console.closeWithoutProblems();
	}

	@Test
	void serversAreSideBySide() throws IOException {
		Console console = new Console(browser, 1280, 900, ColorScheme.LIGHT);
		try (Demo other = new Demo("", "--management.endpoints.web.cors.allowed-origins=" + demo.uri(""));
				Demo silent = new Demo()) {
			String addresses = String.join(", ", other.uri("").toString(), silent.uri("").toString(),
					"http://127.0.0.1:1", "javascript:alert(1)", HOSTILE.replace(' ', '_'));
			console.open(demo, "replicas");
			console.find("addresses").fill(addresses);
			console.page().keyboard().press("Tab");
			console.page().keyboard().press("Enter");
			Locator cards = console.page().locator(".card");
			console.expect(cards).hasCount(6, new LocatorAssertions.HasCountOptions().setTimeout(15_000));
			console.expect("status").hasText("2 of 6 answer");
			for (int i = 0; i < 2; i++) {
				console.expect(cards.nth(i)).containsText("loopline-demo-app");
				console.expect(cards.nth(i).locator("dt"))
					.containsText(new String[] { "Requests", "p99", "thread", "Waiting", "Stalls", "Refused", "Threads",
							"Conn", "Strands" });
			}
			console.expect(cards.nth(2)).containsText("does not let pages of " + demo.uri("") + " ask it");
			console.expect(cards.nth(3)).containsText("Not reachable");
			console.expect(cards.nth(4)).containsText("This is no address");
			console.expect(cards.nth(5)).containsText("<img_src=x onerror=alert(1)>".replace(" ", "_"));
			console.expect(console.page().locator("main img, main script")).hasCount(0);
			assertThat(console.violations()).isEmpty();
			console.picture("replicas");
			console.page().setViewportSize(390, 844);
			assertThat(console.scrollsSideways()).isFalse();
			console.picture("replicas-phone");
		}
		assertThat(console.problems())
			.allMatch((problem) -> problem.contains("net::ERR_") || problem.contains("blocked by CORS policy"));
		console.close();
	}

	@Test
	void whatServersSayIsText() {
		Console console = new Console(browser, 390, 900, ColorScheme.DARK);
		console.page()
			.route("**/identity", (route) -> route.fulfill(new Route.FulfillOptions().setContentType("application/json")
				.setBody("{\"application\": \"%1$s\", \"version\": \"%1$s\", \"instance\": \"%1$s\", \"pid\": \"%1$s\"}"
					.formatted(HOSTILE + "x".repeat(10_000)))));
		console.open(demo, "replicas");
		console.page().locator(".main").click();
		console.expect(console.page().locator(".card h2")).containsText(HOSTILE);
		console.expect(console.page().locator("main img")).hasCount(0);
		assertThat(console.scrollsSideways()).isFalse();
		assertThat(console.violations()).isEmpty();
		console.closeWithoutProblems();
	}

	@Test
	void serverThatSaysNonsenseIsNotReachable() {
		Console console = new Console(browser, 1280, 900, ColorScheme.LIGHT);
		console.page()
			.route("**/history", (route) -> route
				.fulfill(new Route.FulfillOptions().setContentType("application/json").setBody("{\"stalls\": 7}")));
		console.open(demo, "replicas");
		console.page().locator(".main").click();
		console.expect(console.page().locator(".card")).containsText("does not answer as Loopline does");
		console.closeWithoutProblems();
	}

}
