package dev.loopline.autoconfigure.reactor;

import io.netty.util.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns about a Netty with a known hole in its HTTP codec, which a library cannot
 * replace.
 */
final class NettyVersionCheck {

	/**
	 * The first version that refuses "Transfer-Encoding: chunked, xchunked"
	 * (CVE-2026-89044).
	 */
	private static final int[] FLOOR = { 4, 2, 18 };

	private static final Logger logger = LoggerFactory.getLogger(NettyVersionCheck.class);

	private NettyVersionCheck() {
	}

	static void warnIfVulnerable() {
		Version version = Version.identify().get("netty-common");
		if (version != null) {
			warnIfBelowFloor(version.artifactVersion());
		}
	}

	static void warnIfBelowFloor(String version) {
		if (isBelowFloor(version)) {
			logger.warn("Netty {} accepts malformed Transfer-Encoding headers (CVE-2026-89044): set the property "
					+ "'netty.version' of your build to 4.2.18.Final or later", version);
		}
	}

	static boolean isBelowFloor(String version) {
		String[] parts = version.split("[.-]");
		for (int i = 0; i < FLOOR.length; i++) {
			int part = (i < parts.length && parts[i].matches("\\d{1,9}")) ? Integer.parseInt(parts[i]) : 0;
			if (part != FLOOR[i]) {
				return part < FLOOR[i];
			}
		}
		return false;
	}

}
