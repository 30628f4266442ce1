package dev.loopline.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Pattern;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.SelectOption;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what can be taken away from the console, and for its flame graph, its routes
 * and its words.
 */
class PartsTests extends InBrowser {

	private static final String CULPRIT = "dev.loopline.demo.BlockController.block";

	private static final String BLOCK = "GET /block · BlockController.block at BlockController.java:19";

	@Test
	void culpritIsCopiedForATicket() {
		Console console = incident(1280).withClipboard();
		Locator culprit = console.page()
			.locator(".culprit:has(code:has-text('" + CULPRIT + "(BlockController.java:19)'))")
			.first();
		culprit.locator("summary").click();
		console.find("pause").click();
		culprit.locator(".tools button").click();
		console.expect(culprit.locator(".tools button")).hasText("Copied");
		String ticket = (String) console.page().evaluate("() => navigator.clipboard.readText()");
		assertThat(ticket).startsWith("BlockController.block at BlockController.java:19 keeps a thread:")
			.contains("Route: GET /block", "Application: loopline-demo-app", "    at java.lang.Thread.sleep",
					"    at " + CULPRIT + "(BlockController.java:19)");
		console.closeWithoutProblems();
	}

	@Test
	void incidentIsExported() throws IOException {
		Console console = incident(1280);
		Download file = console.page().waitForDownload(() -> console.find("export").click());
		assertThat(file.suggestedFilename()).matches("loopline-loopline-demo-app-\\d+\\.json");
		assertThat(Files.readString(file.path())).contains("\"exported\"", "\"identity\"", "\"snapshot\"",
				"\"history\"", "\"routes\"", "\"foreign\"", CULPRIT);
		console.closeWithoutProblems();
	}

	@Test
	void flameGraphShowsFrameAndShare() {
		Console console = incident(1280);
		Locator flame = console.find("flame");
		Locator block = flame.locator(".own").first();
		console.expect(block.locator("text")).hasText("BlockController.block");
		block.hover();
		console.expect("flame-text")
			.hasText(Pattern.compile(CULPRIT.replace(".", "\\.") + ": [\\d.]+ %, \\d+ stacks?"));
		console.find("flame-of").selectOption(new SelectOption().setLabel(BLOCK));
		console.expect(flame.locator("g").nth(2))
			.hasAttribute("aria-label", Pattern.compile(CULPRIT.replace(".", "\\.") + ": 100 %, .*"));
		assertThat(console.violations()).isEmpty();
		console.closeWithoutProblems();
	}

	@Test
	void flameGraphIsUsedByKeyboard() {
		Console console = incident(390);
		Locator flame = console.find("flame");
		console.find("pause").click();
		console.find("flame-of").focus();
		console.page().keyboard().press("Tab");
		Locator focused = console.page().locator("#flame g:focus");
		console.expect(focused).hasAttribute("aria-label", Pattern.compile("all stalls: 100 %, .*"));
		console.page().keyboard().press("ArrowDown");
		console.page().keyboard().press("ArrowDown");
		console.expect("flame-text").hasText(Pattern.compile(".*: [\\d.]+ %, .*"));
		String path = focused.getAttribute("data-path");
		console.page().keyboard().press("Enter");
		console.expect(focused).hasAttribute("data-path", path);
		console.expect(focused.locator("rect"))
			.hasAttribute("width", String.valueOf(flame.locator("rect").first().getAttribute("width")));
		console.page().keyboard().press("Escape");
		console.page().keyboard().press("ArrowUp");
		console.page().keyboard().press("ArrowUp");
		console.expect(focused).hasAttribute("aria-label", Pattern.compile("all stalls.*"));
		assertThat(console.scrollsSideways()).isFalse();
		console.closeWithoutProblems();
	}

	@Test
	void routesHavePercentiles() {
		Console console = open();
		try (Neighbours neighbours = Neighbours.blocking(demo)) {
			Locator row = console.find("routes").locator("tr", new Locator.LocatorOptions().setHasText("GET /block"));
			LocatorAssertions.HasTextOptions soon = new LocatorAssertions.HasTextOptions().setTimeout(15_000);
			console.expect(row.locator("td").nth(1)).hasText(Pattern.compile("1\\d\\d ms"), soon);
			console.expect(row.locator("td").nth(2)).hasText(Pattern.compile("\\d+ ms|[\\d.]+ s"), soon);
		}
		console.closeWithoutProblems();
	}

	@Test
	void wordsExplainThemselves() {
		Console console = open(390, ColorScheme.DARK);
		console.awaitSnapshots(1);
		Locator word = console.find("strands-title").locator("button");
		console.expect("definition").isHidden();
		word.focus();
		console.expect("definition").containsText("a serial queue that is scheduled and stolen as a unit");
		console.expect(word).hasAttribute("aria-describedby", "definition");
		assertThat(console.violations()).isEmpty();
		assertThat(console.scrollsSideways()).isFalse();
		console.page().keyboard().press("Escape");
		console.expect("definition").isHidden();
		console.expect(word).isFocused();
		console.find("figures").locator("button", new Locator.LocatorOptions().setHasText("Slow lane")).hover();
		console.expect("definition").containsText("where work that stalled runs next time");
		console.page().mouse().move(1, 1);
		console.expect("definition").isHidden();
		console.closeWithoutProblems();
	}

	private static Console incident(int width) {
		Console console = open(width, ColorScheme.LIGHT);
		console.awaitSnapshots(1);
		Locator block = console.find("flame-of").locator("option", new Locator.LocatorOptions().setHasText(BLOCK));
		try (Neighbours neighbours = Neighbours.blocking(demo)) {
			console.expect(block).hasCount(1, new LocatorAssertions.HasCountOptions().setTimeout(20_000));
		}
		return console;
	}

}
