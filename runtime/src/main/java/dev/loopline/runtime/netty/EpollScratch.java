package dev.loopline.runtime.netty;

import java.lang.reflect.Constructor;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * The native arrays that an epoll channel gathers its writes in, one set per thread.
 */
final class EpollScratch {

	/*
	 * Netty makes one set per handler, without arguments, and hands it out only as the
	 * attachment of a registration. A thread's own set is made in the same way: a handler
	 * of its own would need descriptors, and a thread may write for the first time when
	 * there are none left. Sets outlive their threads, as only Netty could free them.
	 * EpollTrial proves that all this suits the version of Netty.
	 */

	private static final Queue<Object> SPARE = new ConcurrentLinkedQueue<>();

	private static final FastThreadLocal<@Nullable Object> CURRENT = new FastThreadLocal<>() {

		@Override
		protected void onRemoval(@Nullable Object scratch) {
			if (scratch != null) {
				SPARE.add(scratch);
			}
		}

	};

	private EpollScratch() {
	}

	/**
	 * Returns the arrays of the running thread.
	 * @param arrays the arrays of a handler
	 * @return arrays of the same type
	 */
	static Object like(Object arrays) {
		Object scratch = CURRENT.getIfExists();
		if (scratch == null) {
			scratch = SPARE.poll();
			if (scratch == null) {
				scratch = make(arrays.getClass());
			}
			CURRENT.set(scratch);
		}
		return scratch;
	}

	private static Object make(Class<?> type) {
		try {
			Constructor<?> constructor = type.getDeclaredConstructor();
			constructor.setAccessible(true);
			return constructor.newInstance();
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			throw new IllegalStateException("No scratch memory for epoll: " + type.getName(), ex);
		}
	}

}
