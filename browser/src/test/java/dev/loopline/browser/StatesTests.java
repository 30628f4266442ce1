package dev.loopline.browser;

import java.util.function.Consumer;

import com.microsoft.playwright.Locator;
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
			"stack": ["%1$s"]}}], "foreign": [{"library": "%2$s", "pool": "%2$s", "threads": 1, "strands": false,
			"stalls": 1, "advice": "%2$s", "lastStall": {"kind": "blocking", "thread": "%2$s", "start":
			"2026-01-01T00:00:00Z", "nanos": 1, "ageNanos": 1, "running": true, "frame": "%2$s", "stack": ["%2$s"]}}]}
			""";

	private static final String SAMPLES = """
			{"culprits": [{"method": "%1$s", "frame": "%2$s", "route": "%2$s", "samples": 3, "callees": [{"method": "%1$s",
			"application": true, "samples": 3, "callees": [{"method": "%2$s", "application": false, "samples": 1,
			"callees": []}]}]}]}
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
				{"stalls": [0], "refused": [0], "running": [], "culprits": [], "foreign": []}
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
		console.page().route("**/samples", json(SAMPLES.formatted(HUGE, HOSTILE)));
		console.open(demo).awaitSnapshots(1);
		console.page().locator("#rows tr").first().click();
		console.expect("details-title").containsText("<script>alert(2)</script>");
		console.expect(console.find("culprits").locator("code").first()).containsText("<img src=x onerror=alert(1)>");
		console.expect(console.find("culprits").locator("[data-foreign]")).containsText("<script>alert(2)</script>");
		console.expect(console.find("flame-of")).containsText("<script>alert(2)</script>");
		console.expect(console.find("flame").locator("g")).hasCount(4);
		console.expect(console.page().locator("main img, dialog img, main script, dialog script")).hasCount(0);
		assertThat(console.scrollsSideways()).isFalse();
		console.closeWithoutProblems();
	}

	@Test
	void threadsOfOthersAreAmongTheCulprits() {
		Console console = replacing("**/history", json("""
				{"stalls": [0], "refused": [0], "running": [], "culprits": [], "foreign": [{"library": "reactor",
				"pool": "mine", "threads": 1, "strands": false, "stalls": 3, "advice":
				"It would be a strand without loopline.reactor.schedulers=false", "lastStall": {"kind": "blocking",
				"thread": "mine-1", "start": "2026-01-01T00:00:00Z", "nanos": 60000000, "ageNanos": 4000000000,
				"running": false, "frame": "com.example.TryIt.callback(TryIt.java:21)", "stack":
				["java.lang.Thread.sleep(Thread.java)", "com.example.TryIt.callback(TryIt.java:21)"]}}]}
				"""));
		Locator foreign = console.find("culprits").locator("[data-foreign]");
		console.expect(foreign).containsText("com.example.TryIt.callback(TryIt.java:21)");
		console.expect(foreign.locator(".chip")).hasText("reactor");
		console.expect(foreign).containsText("loopline.reactor.schedulers=false");
		console.expect("verdict").containsText("A thread of reactor (mine) was held, the last time 4.0 s ago");
		foreign.locator("summary").click();
		console.expect(foreign.locator("pre .own")).hasText("com.example.TryIt.callback(TryIt.java:21)");
		assertThat(console.violations()).isEmpty();
		console.picture("foreign");
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
