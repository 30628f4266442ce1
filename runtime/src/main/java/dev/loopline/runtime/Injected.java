package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;

/**
 * What an {@link Injector} links: work, or a batch of it. The links belong to the
 * injector.
 */
abstract class Injected {

	/** What was pushed before this. */
	@Nullable Injected below;

	/** How many items there are up to this. */
	int depth;

}
