package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;

/**
 * What an {@link Injector} links: a strand, a task or a batch of them. The links belong
 * to the injector.
 */
abstract class Injected {

	/** What was pushed before this. */
	@Nullable Injected below;

	/** How many strands there are up to this. */
	int depth;

}
