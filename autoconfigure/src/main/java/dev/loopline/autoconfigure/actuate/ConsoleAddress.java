package dev.loopline.autoconfigure.actuate;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Says at start-up where the console is.
 */
final class ConsoleAddress implements ApplicationListener<WebServerInitializedEvent> {

	private static final Logger logger = LoggerFactory.getLogger(ConsoleAddress.class);

	private final PathMappedEndpoints endpoints;

	private final Environment environment;

	private final List<String> basePaths;

	/**
	 * Creates a listener.
	 * @param basePaths the properties with the path of the application's server
	 */
	ConsoleAddress(PathMappedEndpoints endpoints, Environment environment, List<String> basePaths) {
		this.endpoints = endpoints;
		this.environment = environment;
		this.basePaths = basePaths;
	}

	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		ManagementPortType port = ManagementPortType.get(this.environment);
		boolean management = WebServerApplicationContext.hasServerNamespace(event.getApplicationContext(),
				"management");
		if (port == (management ? ManagementPortType.DIFFERENT : ManagementPortType.SAME)) {
			List<String> basePaths = management ? List.of("management.server.base-path") : this.basePaths;
			String path = basePaths.stream()
				.map((property) -> path(this.environment.getProperty(property, "")))
				.collect(Collectors.joining());
			logger.info("Console at {}{}{}/console", server(event), path,
					this.endpoints.getPath(EndpointId.of("loopline")));
		}
	}

	/** The factory knows what came of properties of both servers and of customizers. */
	private static String server(WebServerInitializedEvent event) {
		AbstractConfigurableWebServerFactory factory = event.getApplicationContext()
			.getBeansOfType(AbstractConfigurableWebServerFactory.class)
			.values()
			.stream()
			.findFirst()
			.orElse(null);
		boolean secure = factory != null && Ssl.isEnabled(factory.getSsl());
		InetAddress address = (factory != null) ? factory.getAddress() : null;
		return (secure ? "https://" : "http://") + host(address) + ':' + event.getWebServer().getPort();
	}

	private static String host(@Nullable InetAddress address) {
		if (address == null || address.isAnyLocalAddress()) {
			return "localhost";
		}
		return (address instanceof Inet6Address) ? '[' + address.getHostAddress() + ']' : address.getHostAddress();
	}

	/** As Boot reads it. */
	private static String path(String basePath) {
		String path = StringUtils.trimTrailingCharacter(basePath.strip(), '/');
		return (path.isEmpty() || path.startsWith("/")) ? path : '/' + path;
	}

}
