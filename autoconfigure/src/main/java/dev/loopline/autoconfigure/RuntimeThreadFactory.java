package dev.loopline.autoconfigure;

import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * Makes the threads of the runtime: named, daemon, with Netty's fast thread-locals.
 */
final class RuntimeThreadFactory extends DefaultThreadFactory {

	RuntimeThreadFactory(String prefix) {
		super(poolName(prefix), true);
	}

	/**
	 * Netty appends a dash and numbers.
	 */
	private static String poolName(String prefix) {
		String name = prefix.endsWith("-") ? prefix.substring(0, prefix.length() - 1) : prefix;
		return name.isEmpty() ? "loopline" : name;
	}

}
