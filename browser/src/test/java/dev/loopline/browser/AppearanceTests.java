package dev.loopline.browser;

import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for how the console looks under load; the pictures are for a person, and for the
 * README.
 */
class AppearanceTests extends InBrowser {

	/** So that the charts are half full. */
	private static final int SNAPSHOTS = 25;

	@ParameterizedTest
	@CsvSource({ "1280, LIGHT, console-light", "1280, DARK, console-dark", "400, DARK, console-phone" })
	void isAccessible(int width, ColorScheme scheme, String picture) {
		Console console = open(width, scheme);
		try (Neighbours neighbours = Neighbours.mixed(demo)) {
			console.awaitSnapshots(SNAPSHOTS);
			console.picture(picture);
			assertThat(console.violations()).isEmpty();
			console.page().locator("#rows tr").first().click();
			console.expect("details").isVisible();
			console.picture(picture + "-details");
			assertThat(console.violations()).isEmpty();
		}
		console.closeWithoutProblems();
	}

}
