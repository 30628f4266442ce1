package dev.loopline.autoconfigure.actuate;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.info.BuildProperties;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Which process this is, as JSON.
 *
 * @param started when the process was started, in milliseconds since 1970
 */
record IdentityDescriptor(String application, @Nullable String version, String instance, long pid, long started,
		String jdk) implements OperationResponseBody {

	/**
	 * Asks the environment, and the system for the name of the host: that may take a
	 * while.
	 * @param build knows the version better than the manifest, of which Boot tells
	 */
	static IdentityDescriptor of(Environment environment, @Nullable BuildProperties build) {
		String version = (build != null) ? build.getVersion() : null;
		return new IdentityDescriptor(environment.getProperty("spring.application.name", "application"),
				(version != null) ? version : environment.getProperty("spring.application.version"), host(environment),
				ProcessHandle.current().pid(), ManagementFactory.getRuntimeMXBean().getStartTime(),
				System.getProperty("java.vm.name") + " " + Runtime.version());
	}

	private static String host(Environment environment) {
		String name = environment.getProperty("HOSTNAME");
		if (StringUtils.hasText(name)) {
			return name;
		}
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "localhost";
		}
	}

}
