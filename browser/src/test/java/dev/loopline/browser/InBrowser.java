package dev.loopline.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;

/**
 * Base of the tests with a browser and the demo application.
 */
abstract class InBrowser {

	static final int PHONE = 400;

	private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

	private static final List<String> QUIET = List.of("--no-sandbox", "--disable-gpu", "--disable-quic",
			"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync");

	private static Playwright playwright;

	static Browser browser;

	static Demo demo;

	@BeforeAll
	static void start() throws IOException {
		Assumptions.assumeTrue(Files.exists(Path.of(".tools/package")) && Files.exists(CHROMIUM),
				"Chromium or the driver is not there: see browser/check");
		playwright = Playwright
			.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
		browser = playwright.chromium()
			.launch(new BrowserType.LaunchOptions().setExecutablePath(CHROMIUM).setArgs(QUIET));
		demo = new Demo();
	}

	@AfterAll
	static void stop() {
		if (demo != null) {
			demo.close();
		}
		if (playwright != null) {
			playwright.close();
		}
	}

	static Console open() {
		return open(1280, ColorScheme.LIGHT);
	}

	static Console open(int width, ColorScheme scheme) {
		return new Console(browser, width, 900, scheme).open(demo);
	}

}
