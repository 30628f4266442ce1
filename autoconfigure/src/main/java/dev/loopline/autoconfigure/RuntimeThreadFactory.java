package dev.loopline.autoconfigure;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocalThread;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.RuntimeThreads;

/**
 * Makes the threads of the runtime: named, daemon, with Netty's fast thread-locals.
 */
final class RuntimeThreadFactory extends DefaultThreadFactory {

	RuntimeThreadFactory(String prefix) {
		super(poolName(prefix), true);
	}

	@Override
	protected Thread newThread(Runnable runnable, String name) {
		return new RuntimeThread(this.threadGroup, runnable, name);
	}

	/**
	 * Netty appends a dash and numbers.
	 */
	private static String poolName(String prefix) {
		String name = prefix.endsWith("-") ? prefix.substring(0, prefix.length() - 1) : prefix;
		return name.isEmpty() ? "loopline" : name;
	}

	/**
	 * Tells Netty where it may block, which Netty tells BlockHound.
	 */
	private static final class RuntimeThread extends FastThreadLocalThread {

		RuntimeThread(@Nullable ThreadGroup group, Runnable runnable, String name) {
			super(group, runnable, name);
		}

		@Override
		public boolean permitBlockingCalls() {
			return RuntimeThreads.mayBlock();
		}

	}

}
