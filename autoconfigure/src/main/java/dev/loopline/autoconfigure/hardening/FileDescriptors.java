package dev.loopline.autoconfigure.hardening;

import java.lang.management.ManagementFactory;

import com.sun.management.UnixOperatingSystemMXBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how many connections the file descriptors of the process allow.
 */
final class FileDescriptors {

	private static final Logger logger = LoggerFactory.getLogger(FileDescriptors.class);

	/** For files, for clients, for what accepts and closes. */
	private static final int RESERVE = 128;

	private FileDescriptors() {
	}

	/**
	 * Returns how many connections there may be.
	 * @param wanted how many are wanted at most, or zero for no limit
	 */
	static int limit(int wanted) {
		try {
			return (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)
					? limit(wanted, system.getMaxFileDescriptorCount(), system.getOpenFileDescriptorCount()) : wanted;
		}
		catch (LinkageError ex) {
			return wanted; // a JVM made without the module jdk.management
		}
	}

	static int limit(int wanted, long descriptors, long used) {
		if (wanted == 0 || descriptors <= 0) {
			return wanted;
		}
		long allowed = Math.max(1, descriptors - used - RESERVE);
		if (allowed < wanted) {
			logger.info("At most {} connections, as the process may have {} file descriptors", allowed, descriptors);
		}
		return (int) Math.min(allowed, wanted);
	}

}
