package dev.loopline.browser;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the console while the demo has bad neighbours.
 */
class ConsoleTests extends InBrowser {

	private static final String LIVE = "Live";

	@Test
	void culpritIsOnThePageWithinThreeSeconds() {
		Console console = open();
		console.expect("status-text").hasText(LIVE);
		Locator culprit = console.find("culprits")
			.locator("summary", new Locator.LocatorOptions().setHasText("BlockController.block("));
		try (Neighbours neighbours = Neighbours.blocking(demo)) {
			console.expect(culprit)
				.containsText("dev.loopline.demo.BlockController.block(BlockController.java:19)",
						new LocatorAssertions.ContainsTextOptions().setTimeout(3_000));
			culprit.click();
			console.expect(console.find("culprits").locator("pre:visible")).containsText("java.lang.Thread.sleep");
		}
		console.closeWithoutProblems();
	}

	@Test
	void limitsShowWhatTheyLetIn() throws Exception {
		Console console = open();
		console.expect("limits").containsText("0 of 3");
		Locator timedOut = console.find("limits").locator("tr", new Locator.LocatorOptions().setHasText("sleepers"));
		console.expect(timedOut.locator("[data-level=bad]")).hasCount(0);
		for (int i = 0; i < 20; i++) {
			assertThat(demo.get("/sleep?ms=60000")).isEqualTo(504);
		}
		console.expect(timedOut.locator("[data-level=bad]")).hasCount(1);
		console.closeWithoutProblems();
	}

	@Test
	void lanesMove() {
		Console console = open();
		try (Neighbours neighbours = Neighbours.mixed(demo)) {
			console.awaitSnapshots(2);
			Set<String> pictures = new TreeSet<>();
			for (int i = 0; i < 3; i++) {
				console.awaitSnapshots(1);
				pictures
					.add((String) console.page().evaluate("() => document.querySelector('.lane canvas').toDataURL()"));
			}
			assertThat(pictures).hasSizeGreaterThan(1);
			console.expect(console.page().locator(".lane dd").first()).not().hasText("0 %");
		}
		console.closeWithoutProblems();
	}

	@Test
	void pausedPageStaysStillAndCatchesUp() {
		Console console = open();
		try (Neighbours neighbours = Neighbours.mixed(demo)) {
			console.awaitSnapshots(3);
			console.find("pause").click();
			console.expect("status-text").hasText("Paused");
			String drawn = console.drawn();
			console.awaitSnapshots(4);
			assertThat(console.drawn()).isEqualTo(drawn);
			console.find("pause").click();
			console.expect("status-text").hasText(LIVE);
			assertThat(console.drawn()).isNotEqualTo(drawn);
		}
		console.closeWithoutProblems();
	}

	@Test
	void killedServerShowsAndComesBackByItself() throws IOException {
		Console console = new Console(browser, 1280, 900, ColorScheme.LIGHT);
		try (Demo mortal = new Demo()) {
			console.open(mortal).awaitSnapshots(2);
			mortal.kill();
			console.expect("status-text").hasText("Disconnected");
			console.expect("notice").containsText("tries again");
			console.expect("workers").isVisible();
			assertThat(console.violations()).isEmpty();
			console.picture("disconnected");
			mortal.start();
			console.expect("status-text").hasText(LIVE, new LocatorAssertions.HasTextOptions().setTimeout(15_000));
			console.expect("notice").isHidden();
			console.awaitSnapshots(2);
		}
		assertThat(console.problems()).allMatch((problem) -> problem.startsWith("Failed to load resource: net::ERR_"));
		console.close();
	}

	@Test
	void frozenServerIsNotLive() throws IOException, InterruptedException {
		Console console = new Console(browser, 1280, 900, ColorScheme.LIGHT);
		try (Demo frozen = new Demo()) {
			console.open(frozen).awaitSnapshots(2);
			frozen.freeze();
			console.expect("status-text").containsText("Stale since");
			console.expect("notice").containsText("sends nothing");
			console.expect("age").hasText(Pattern.compile("[3-9] s ago\\."));
			assertThat(console.violations()).isEmpty();
			console.picture("stale");
			console.find("pause").click();
			console.expect("status-text").hasText("Paused");
			console.expect("notice").isHidden();
			console.find("pause").click();
			console.expect("status-text").containsText("Stale since");
			frozen.thaw();
			console.expect("status-text").hasText(LIVE);
			console.expect("notice").isHidden();
			console.closeWithoutProblems();
		}
	}

	@Test
	void serverThatShutsDownSaysSoAndDoesNotWaitForThePage() throws IOException {
		Console console = new Console(browser, 1280, 900, ColorScheme.LIGHT);
		try (Demo mortal = new Demo()) {
			console.open(mortal).awaitSnapshots(2);
			CompletableFuture<?> end = mortal.terminate();
			console.expect("status-text").hasText("Shut down");
			console.expect("notice-title").hasText("The server shuts down");
			console.expect("notice").containsText("tries again");
			assertThat(console.violations()).isEmpty();
			console.picture("shutdown");
			assertThat(end).succeedsWithin(Duration.ofSeconds(15));
			console.page().waitForRequest("**/stream", () -> {
				// it tries again by itself
			});
			console.expect("status-text").hasText("Shut down");
			mortal.start();
			console.expect("status-text").hasText(LIVE, new LocatorAssertions.HasTextOptions().setTimeout(15_000));
			console.expect("notice").isHidden();
		}
		assertThat(console.problems()).allMatch((problem) -> problem.startsWith("Failed to load resource: net::ERR_"));
		console.close();
	}

	@Test
	void worksBehindPathPrefix() throws IOException {
		Console console = new Console(browser, 1280, 900, ColorScheme.LIGHT);
		try (Demo prefixed = new Demo("/behind/a/prefix")) {
			console.open(prefixed).awaitSnapshots(1);
			console.expect("rows").containsText("GET /actuator/loopline/");
			console.closeWithoutProblems();
		}
	}

	@Test
	void everythingIsReachableByKeyboard() {
		Console console = open();
		console.awaitSnapshots(1);
		for (String focused : new String[] { "Skip to the strands", "Pause", "Theme" }) {
			console.page().keyboard().press("Tab");
			console.expect(console.page().locator(":focus")).hasText(focused);
		}
		console.page().keyboard().press("t");
		console.expect(console.page().locator("html")).hasAttribute("data-theme", "dark");
		console.page().keyboard().press("/");
		console.expect("text").isFocused();
		for (int i = 0; i < 30 && console.page().locator("#rows tr:focus").count() == 0; i++) {
			console.page().keyboard().press("Tab");
		}
		console.page().keyboard().press("Enter");
		console.expect("details").isVisible();
		console.expect("details-list").containsText("Longest poll");
		console.page().keyboard().press("Escape");
		console.expect("details").isHidden();
		console.page().keyboard().press("p");
		console.expect("status-text").hasText("Paused");
		console.closeWithoutProblems();
	}

	@Test
	void smallWindowCutsNoLints() {
		Console console = open(1024, ColorScheme.LIGHT);
		try (Neighbours neighbours = Neighbours.blocking(demo)) {
			console.expect(console.page().locator("#rows .chip[data-lint]").first()).isVisible();
			assertThat((boolean) console.page().evaluate("""
					() => ['#rows', '#routes'].map((id) => document.querySelector(id).closest('.scroll'))
						.every((table) => table.scrollWidth === table.clientWidth)
					""")).isTrue();
		}
		console.closeWithoutProblems();
	}

	@Test
	void phoneNeedsNoScrollingSideways() {
		Console console = open(PHONE, ColorScheme.LIGHT);
		try (Neighbours neighbours = Neighbours.mixed(demo)) {
			console.awaitSnapshots(4);
			assertThat(console.scrollsSideways()).isFalse();
			Locator culprit = console.page().locator(".culprit:has-text('BlockController.java:19')").first();
			culprit.locator("summary").click(new Locator.ClickOptions().setTimeout(20_000));
			console.expect(culprit.locator("pre")).isVisible();
			assertThat(console.scrollsSideways()).isFalse();
			console.page().locator("#rows tr").first().click();
			console.expect("details").isVisible();
			assertThat(console.scrollsSideways()).isFalse();
		}
		console.closeWithoutProblems();
	}

}
