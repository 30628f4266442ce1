package dev.loopline.autoconfigure.coroutines;

import java.util.concurrent.RejectedExecutionException;

import kotlin.coroutines.CoroutineContext;
import kotlinx.coroutines.CoroutineDispatcher;
import kotlinx.coroutines.Dispatchers;

import dev.loopline.runtime.Strand;

/**
 * Resumes coroutines on a strand, whatever thread brings what they waited for. Safe for
 * use by many threads.
 */
final class StrandDispatcher extends CoroutineDispatcher {

	private final Strand strand;

	StrandDispatcher(Strand strand) {
		this.strand = strand;
	}

	@Override
	public boolean isDispatchNeeded(CoroutineContext context) {
		return !this.strand.isCurrent();
	}

	/**
	 * Resumes elsewhere what outlives the runtime: a coroutine must come to its end.
	 */
	@Override
	public void dispatch(CoroutineContext context, Runnable block) {
		try {
			this.strand.execute(block);
		}
		catch (RejectedExecutionException | IllegalStateException ex) {
			Dispatchers.getIO().dispatch(context, block);
		}
	}

	@Override
	public String toString() {
		return "StrandDispatcher";
	}

}
