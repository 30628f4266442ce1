package dev.loopline.runtime.internal.queue;

import org.jspecify.annotations.Nullable;

/**
 * The tops of the stacks of an {@link Injector}.
 */
abstract class InjectorFields extends Padding {

	/** The top of the stack of what was pushed. */
	volatile @Nullable Injected newest;

	/** The top of the stack of batches. */
	volatile Injector.@Nullable Batch<?> open;

}
