package dev.loopline.autoconfigure.actuate;

import java.nio.charset.StandardCharsets;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * The files of the console. Nothing else is served, whatever is asked for.
 */
final class ConsoleFiles {

	static final String SCRIPT_TYPE = "text/javascript";

	static final String STYLE_TYPE = "text/css";

	/** The page that asks other servers, too. */
	static final String COMPARISON = "replicas";

	private static final String FOLDER = "dev/loopline/console/";

	private static final MimeType HTML = new MimeType(MimeTypeUtils.TEXT_HTML, StandardCharsets.UTF_8);

	private static final MimeType SCRIPT = new MimeType("text", "javascript", StandardCharsets.UTF_8);

	private static final MimeType STYLE = new MimeType("text", "css", StandardCharsets.UTF_8);

	private static final Set<String> FILES = Set.of("console", "console.css", "console.js", "incident.js", "limits.js",
			"text.js", "charts.js", "theme.js", "flame.js", "glossary.js", "verdict.js", COMPARISON, "replicas.js");

	private ConsoleFiles() {
	}

	/**
	 * Returns a file. The names have no folder, so that links among them stay valid
	 * behind whatever prefix the endpoint is seen.
	 * @return {@code null} if there is none of that name
	 */
	static @Nullable WebEndpointResponse<Resource> find(String name) {
		if (!FILES.contains(name)) {
			return null;
		}
		if (name.endsWith(".js")) {
			return file(name, SCRIPT);
		}
		return name.endsWith(".css") ? file(name, STYLE) : file(name + ".html", HTML);
	}

	private static WebEndpointResponse<Resource> file(String name, MimeType type) {
		return new WebEndpointResponse<>(new ClassPathResource(FOLDER + name), type);
	}

}
