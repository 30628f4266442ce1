package dev.loopline.autoconfigure.shortway;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import org.springframework.util.ClassUtils;
import reactor.util.context.ContextView;

/**
 * A context from which Reactor restores thread-locals for those who observe an exchange.
 */
final class RestoredContext {

	private static final boolean PROPAGATES = ClassUtils.isPresent("io.micrometer.context.ContextRegistry",
			RestoredContext.class.getClassLoader());

	private RestoredContext() {
	}

	static boolean isOne(ContextView context) {
		return !context.isEmpty() && PROPAGATES && ThreadLocals.areIn(context);
	}

	/** Apart, as its classes may be absent. */
	private static final class ThreadLocals {

		static boolean areIn(ContextView context) {
			for (ThreadLocalAccessor<?> accessor : ContextRegistry.getInstance().getThreadLocalAccessors()) {
				if (context.hasKey(accessor.key())) {
					return true;
				}
			}
			return false;
		}

	}

}
