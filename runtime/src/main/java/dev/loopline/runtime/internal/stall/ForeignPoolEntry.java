package dev.loopline.runtime.internal.stall;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.stall.ForeignPool;
import dev.loopline.runtime.stall.ForeignThreads;
import dev.loopline.runtime.stall.Stall;

/**
 * Threads of another library, and what is known of their stalls. Guarded by the watch.
 */
final class ForeignPoolEntry {

	private final ForeignThreads.Owner owner;

	int threads;

	private long stalls;

	/** Makes a view of the last one. */
	private @Nullable Supplier<Stall> lastStall;

	ForeignPoolEntry(ForeignThreads.Owner owner) {
		this.owner = owner;
	}

	ForeignThreads.Owner owner() {
		return this.owner;
	}

	void stalled(Supplier<Stall> stall) {
		this.stalls++;
		this.lastStall = stall;
	}

	/**
	 * Returns whether nobody would miss it.
	 */
	boolean isForgettable() {
		return this.threads == 0 && this.stalls == 0;
	}

	ForeignPool view() {
		return new ForeignPool(this.owner, this.threads, this.stalls,
				(this.lastStall != null) ? this.lastStall.get() : null);
	}

}
