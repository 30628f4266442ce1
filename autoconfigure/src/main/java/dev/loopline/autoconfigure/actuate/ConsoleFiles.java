package dev.loopline.autoconfigure.actuate;

import java.nio.charset.StandardCharsets;
import java.util.Map;

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

	private static final String FOLDER = "dev/loopline/console/";

	private static final MimeType HTML = new MimeType(MimeTypeUtils.TEXT_HTML, StandardCharsets.UTF_8);

	private static final MimeType SCRIPT = new MimeType("text", "javascript", StandardCharsets.UTF_8);

	private static final MimeType STYLE = new MimeType("text", "css", StandardCharsets.UTF_8);

	private static final Map<String, MimeType> FILES = Map.of("console", HTML, "console.js", SCRIPT, "incident.js",
			SCRIPT, "limits.js", SCRIPT, "text.js", SCRIPT, "charts.js", SCRIPT, "theme.js", SCRIPT, "console.css",
			STYLE);

	private ConsoleFiles() {
	}

	/**
	 * Returns a file. The names have no folder, so that links among them stay valid
	 * behind whatever prefix the endpoint is seen.
	 * @return {@code null} if there is none of that name
	 */
	static @Nullable WebEndpointResponse<Resource> find(String name) {
		MimeType type = FILES.get(name);
		if (type == null) {
			return null;
		}
		String file = name.equals("console") ? "console.html" : name;
		return new WebEndpointResponse<>(new ClassPathResource(FOLDER + file), type);
	}

}
