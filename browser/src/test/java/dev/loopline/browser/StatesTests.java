package dev.loopline.browser;

import java.util.function.Consumer;

import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the console shows when there is little to show, or something hostile.
 * Answers of the server are replaced on their way to the page.
 */
class StatesTests extends InBrowser {

	private static final String HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>\\n\\u202e\\u0000";

	private static final String HUGE = HOSTILE + "x".repeat(1_000_000);

	private static final String STRANDS = """
			{"total": 1, "page": 0, "size": 25, "strands": [{"id": 1, "kind": "connection", "name": "%1$s", "route": "%2$s",
			"handler": "%2$s", "state": "running", "stateForNanos": 1, "ageNanos": 1, "busyNanos": 1, "queuedNanos": 1,
			"idleNanos": 1, "longestPollNanos": 1, "polls": 1, "yields": 0, "moves": 0, "lastWorker": 0,
			"lints": ["%2$s"], "stack": ["%2$s"]}]}
			""";

	private static final String HISTORY = """
			{"stalls": [1], "refused": [0], "running": [], "culprits": [{"recent": 1, "steps": [1], "culprit": {
			"method": "%1$s", "frame": "%2$s", "route": "%2$s", "count": 1, "blocking": 1, "burning": 0, "running": 1,
			"totalNanos": 1, "maxNanos": 1, "firstSeen": "2026-01-01T00:00:00Z", "lastSeen": "2026-01-01T00:00:00Z",
			"stack": ["%1$s"]}}]}
			""";

	@Test
	void loading() {
		Console console = replacing("**/stream", (route) -> {
			// never answered
		});
		console.expect("loading").hasText("Waiting for the first snapshot");
		console.expect("main").isHidden();
		assertThat(console.violations()).isEmpty();
		console.picture("loading");
		console.closeWithoutProblems();
	}

	@ParameterizedTest
	@CsvSource({ "401, Signed out", "403, Not allowed", "404, No such endpoint", "429, Too many viewers" })
	void refused(int status, String title) {
		Console console = replacing("**/{stream,history,routes,identity,strands*}",
				(route) -> route.fulfill(new Route.FulfillOptions().setStatus(status)));
		console.expect("notice-title").hasText(title);
		console.expect("status-text").hasText(title);
		console.expect("loading").isHidden();
		assertThat(console.violations()).isEmpty();
		console.picture("refused-" + status);
		assertThat(console.problems()).allMatch((problem) -> problem.contains("status of " + status));
		console.close();
	}

	@Test
	void nothingToShow() {
		Console console = replacing("**/history", json("""
				{"stalls": [0], "refused": [0], "running": [], "culprits": []}
				"""));
		console.awaitSnapshots(1);
		console.expect("culprits").containsText("No handler has kept a thread");
		console.find("text").fill("nobody is called this");
		console.expect("no-rows").isVisible();
		assertThat(console.violations()).isEmpty();
		console.picture("empty");
		console.closeWithoutProblems();
	}

	@Test
	void hostileNamesAreText() {
		Console console = new Console(browser, PHONE, 900, ColorScheme.LIGHT);
		console.page().route("**/strands?*", json(STRANDS.formatted(HUGE, HOSTILE)));
		console.page().route("**/history", json(HISTORY.formatted(HUGE, HOSTILE)));
		console.open(demo).awaitSnapshots(1);
		console.page().locator("#rows tr").first().click();
		console.expect("details-title").containsText("<script>alert(2)</script>");
		console.expect(console.find("culprits").locator("code")).containsText("<img src=x onerror=alert(1)>");
		console.expect(console.page().locator("main img, dialog img, main script, dialog script")).hasCount(0);
		assertThat(console.scrollsSideways()).isFalse();
		console.closeWithoutProblems();
	}

	private static Consumer<Route> json(String body) {
		return (route) -> route.fulfill(new Route.FulfillOptions().setContentType("application/json").setBody(body));
	}

	private static Console replacing(String paths, Consumer<Route> answer) {
		Console console = new Console(browser, 1280, 900, ColorScheme.LIGHT);
		console.page().route(paths, answer);
		return console.open(demo);
	}

}
