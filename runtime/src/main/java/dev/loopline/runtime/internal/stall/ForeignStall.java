package dev.loopline.runtime.internal.stall;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkDescription;

/**
 * The time for which the application keeps a thread of another library. Guarded by the
 * watch.
 */
final class ForeignStall {

	private final boolean burning;

	final long startNanos;

	private long lastNanos;

	private boolean over;

	ForeignStall(boolean burning, long startNanos, long now) {
		this.burning = burning;
		this.startNanos = startNanos;
		this.lastNanos = now;
	}

	void lasts(long now) {
		this.lastNanos = now;
	}

	void ends() {
		this.over = true;
	}

	Stall view(String thread, Instant start, StackTraceElement culprit, List<StackTraceElement> stack) {
		return new Stall(this.burning ? Stall.Kind.BURNING : Stall.Kind.BLOCKING, thread, WorkDescription.UNKNOWN,
				start, Duration.ofNanos(this.lastNanos - this.startNanos), !this.over, culprit, stack);
	}

}
