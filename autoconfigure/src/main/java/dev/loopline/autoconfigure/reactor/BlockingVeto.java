package dev.loopline.autoconfigure.reactor;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.stall.WorkContext;

/**
 * What a strand works for and could never end if the strand waited now. Reactor's
 * {@code block()} is refused then even where it is allowed.
 */
public interface BlockingVeto extends WorkContext {

	/**
	 * Returns whether whatever the calling strand would wait for may need that strand.
	 * @return {@code true} to refuse
	 */
	boolean isWaitInVain();

	/**
	 * Returns whether the strand that the calling thread runs must not wait.
	 * @return {@code true} to refuse
	 */
	static boolean isCurrent() {
		Strand strand = Strand.current();
		return strand != null && StrandInstrumentation.context(strand) instanceof BlockingVeto veto
				&& veto.isWaitInVain();
	}

}
