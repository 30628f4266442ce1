package dev.loopline.runtime.internal.queue;

import org.jspecify.annotations.Nullable;

/**
 * What an {@link Injector} links: an item, or a batch of them. The links belong to the
 * injector.
 */
public abstract class Injected {

	/** What was pushed before this. */
	@Nullable Injected below;

	/** How many items there are up to this. */
	int depth;

}
