package dev.loopline.autoconfigure.actuate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/**
 * Says at start-up where the console is.
 */
final class ConsoleAddress implements ApplicationListener<WebServerInitializedEvent> {

	private static final Logger logger = LoggerFactory.getLogger(ConsoleAddress.class);

	private final PathMappedEndpoints endpoints;

	private final Environment environment;

	ConsoleAddress(PathMappedEndpoints endpoints, Environment environment) {
		this.endpoints = endpoints;
		this.environment = environment;
	}

	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		boolean ownPort = ManagementPortType.get(this.environment) == ManagementPortType.DIFFERENT;
		boolean management = WebServerApplicationContext.hasServerNamespace(event.getApplicationContext(),
				"management");
		if (ownPort == management) {
			logger.info("Console at {}",
					address(management ? "management.server" : "server",
							management ? "management.server.base-path" : "spring.webflux.base-path",
							event.getWebServer().getPort()));
		}
	}

	private String address(String prefix, String basePath, int port) {
		boolean secure = this.environment.containsProperty(prefix + ".ssl.bundle")
				|| this.environment.containsProperty(prefix + ".ssl.key-store");
		return (secure ? "https://" : "http://") + this.environment.getProperty(prefix + ".address", "localhost") + ':'
				+ port + this.environment.getProperty(basePath, "") + this.endpoints.getPath(EndpointId.of("loopline"))
				+ "/console";
	}

}
