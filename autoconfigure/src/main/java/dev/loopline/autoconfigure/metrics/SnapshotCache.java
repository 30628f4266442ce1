package dev.loopline.autoconfigure.metrics;

import java.time.Duration;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.RuntimeSnapshot;
import dev.loopline.runtime.time.Ticker;

/**
 * One snapshot for all meters that are read at about the same time, so that they agree
 * and cost little. Safe for use by many threads.
 */
final class SnapshotCache implements Supplier<RuntimeSnapshot> {

	/** Longer than a scrape takes, shorter than the time between two. */
	static final Duration LIFE = Duration.ofMillis(500);

	private final Supplier<RuntimeSnapshot> source;

	private final Ticker ticker;

	@GuardedBy("this")
	private @Nullable RuntimeSnapshot snapshot;

	@GuardedBy("this")
	private long taken;

	SnapshotCache(Supplier<RuntimeSnapshot> source, Ticker ticker) {
		this.source = source;
		this.ticker = ticker;
	}

	@Override
	public synchronized RuntimeSnapshot get() {
		long now = this.ticker.nanos();
		RuntimeSnapshot snapshot = this.snapshot;
		if (snapshot == null || now - this.taken > LIFE.toNanos()) {
			snapshot = renewed(snapshot);
			this.snapshot = snapshot;
			this.taken = now;
		}
		return snapshot;
	}

	/**
	 * A registry may ask once more when the runtime has ended: then the last one stands.
	 */
	private RuntimeSnapshot renewed(@Nullable RuntimeSnapshot last) {
		try {
			return this.source.get();
		}
		catch (IllegalStateException ex) {
			if (last == null) {
				throw ex;
			}
			return last;
		}
	}

}
