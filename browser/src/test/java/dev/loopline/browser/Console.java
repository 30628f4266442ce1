package dev.loopline.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The console in a tab of a browser that knows nothing yet. Notes what the page complains
 * about.
 */
final class Console implements AutoCloseable {

	/** Counts the snapshots that arrive, also those that a paused page ignores. */
	private static final String COUNT_SNAPSHOTS = """
			window.snapshots = 0;
			window.EventSource = class extends EventSource {
				constructor(url) {
					super(url);
					this.addEventListener('snapshot', () => window.snapshots++);
				}
			};
			addEventListener('securitypolicyviolation', (event) => console.error('CSP: ' + event.violatedDirective));
			""";

	private static final String DRAWN = """
			() => document.querySelector('main').innerHTML
				+ [...document.querySelectorAll('canvas')].map((canvas) => canvas.toDataURL()).join()
			""";

	private static final String VIOLATIONS = """
			async (part) => (await axe.run(part)).violations
				.filter((violation) => ['serious', 'critical'].includes(violation.impact))
				.map((violation) => violation.id + ': ' + violation.nodes.map((node) => node.html + node.failureSummary))
			""";

	private final List<String> problems = new CopyOnWriteArrayList<>();

	private final BrowserContext context;

	private final Page page;

	Console(Browser browser, int width, int height, ColorScheme scheme) {
		this.context = browser
			.newContext(new Browser.NewContextOptions().setViewportSize(width, height).setColorScheme(scheme));
		this.context.addInitScript(COUNT_SNAPSHOTS);
		this.page = this.context.newPage();
		this.page.onPageError(this.problems::add);
		this.page.onConsoleMessage((message) -> {
			if (message.type().equals("error") || message.type().equals("warning")) {
				this.problems.add(message.text());
			}
		});
	}

	Console open(Demo demo) {
		return open(demo, "console");
	}

	Console open(Demo demo, String page) {
		return open(demo.uri("/actuator/loopline/" + page));
	}

	Console open(URI address) {
		this.page.navigate(address.toString());
		return this;
	}

	/**
	 * Lets the page write to the clipboard, and the test read it.
	 */
	Console withClipboard() {
		this.context.grantPermissions(List.of("clipboard-read", "clipboard-write"));
		return this;
	}

	Page page() {
		return this.page;
	}

	/**
	 * Finds an element by its id.
	 */
	Locator find(String id) {
		return this.page.locator("#" + id);
	}

	/**
	 * What an element must come to be, within five seconds unless it is said otherwise.
	 */
	LocatorAssertions expect(String id) {
		return expect(find(id));
	}

	LocatorAssertions expect(Locator locator) {
		return PlaywrightAssertions.assertThat(locator);
	}

	/**
	 * Returns once so many snapshots have arrived after this call.
	 */
	void awaitSnapshots(int count) {
		int before = (int) this.page.evaluate("() => window.snapshots");
		this.page.waitForFunction("(wanted) => window.snapshots >= wanted", before + count);
	}

	/**
	 * Returns all that is drawn: the markup, and the pixels of the charts.
	 */
	String drawn() {
		return (String) this.page.evaluate(DRAWN);
	}

	boolean scrollsSideways() {
		return (boolean) this.page
			.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth");
	}

	/**
	 * Returns what axe-core finds serious or critical.
	 */
	List<?> violations() {
		return violations("html");
	}

	List<?> violations(String part) {
		try {
			this.page.evaluate(Files.readString(Path.of(".tools/node_modules/axe-core/axe.min.js")));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return (List<?>) this.page.evaluate(VIOLATIONS, part);
	}

	/**
	 * Takes a picture, into <code>target</code> unless <code>-Dconsole.images</code>
	 * names a folder for those that are shown.
	 */
	void picture(String name) {
		String folder = name.matches("console-(light|dark|phone)|admin")
				? System.getProperty("console.images", "target") : "target";
		this.page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(folder, name + ".png")));
	}

	List<String> problems() {
		return this.problems;
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * Closes the tab, which must not have complained.
	 */
	void closeWithoutProblems() {
		close();
		assertThat(this.problems).isEmpty();
	}

}
