package dev.loopline.runtime.internal.stall;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.stall.Culprit;
import dev.loopline.runtime.stall.CulpritSamples;
import dev.loopline.runtime.stall.SampledFrame;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkDescription;

/**
 * What is known of one culprit. Guarded by the stalls.
 */
final class CulpritEntry {

	/** Between two warnings about the same culprit. */
	static final long WARNING_NANOS = 60_000_000_000L;

	/**
	 * How often and for how long a culprit must be seen that may be innocent, as there is
	 * none of the application's code or a class was loaded: longer than a warm-up.
	 */
	private static final int DOUBTFUL_COUNT = 3;

	static final long DOUBTFUL_NANOS = 60_000_000_000L;

	final String method;

	private final long firstNanos;

	private boolean certain;

	private final Instant firstSeen;

	private Instant lastSeen;

	private @Nullable StackTraceElement frame;

	private List<StackTraceElement> stack = List.of();

	private final SampleTree samples;

	private WorkDescription work = WorkDescription.UNKNOWN;

	private long blocking;

	private long burning;

	private int running;

	private long totalNanos;

	private long maxNanos;

	private boolean warned;

	private long lastWarning;

	private long countAtWarning;

	CulpritEntry(String method, Instant firstSeen, long now) {
		this.method = method;
		this.firstNanos = now;
		this.samples = new SampleTree(now);
		this.firstSeen = firstSeen;
		this.lastSeen = firstSeen;
	}

	/**
	 * Adds a stall that has not ended, and takes it from the one that was suspected of it
	 * before.
	 */
	void began(RunningStall stall, WorkDescription work, Instant seen) {
		CulpritEntry before = stall.suspect(this);
		if (before != null) {
			before.count(stall.kind(), -1);
		}
		this.work = work;
		count(stall.kind(), 1);
		if (!stall.stack().isEmpty()) {
			this.certain |= stall.isCertain();
			this.frame = stall.frame();
			this.stack = stall.stack();
		}
		this.lastSeen = seen;
	}

	/**
	 * Adds the stack of a stall.
	 * @param place the frame to blame
	 * @param application the application's frames of it
	 */
	void sampled(List<StackTraceElement> stack, StackTraceElement place, List<StackTraceElement> application,
			long now) {
		this.samples.add(stack, place, application, now);
	}

	/**
	 * Takes a stall that was not its doing from it.
	 */
	void acquit(Stall.Kind kind) {
		count(kind, -1);
	}

	void ended(long nanos, Instant seen) {
		this.running--;
		this.totalNanos += nanos;
		this.maxNanos = Math.max(this.maxNanos, nanos);
		this.lastSeen = seen;
	}

	/**
	 * Returns how many stalls a warning must speak of: those since the last one if it is
	 * due, else zero.
	 */
	long takeWarning(long now) {
		long since = count() - this.countAtWarning;
		if (since == 0 || this.warned && now - this.lastWarning < WARNING_NANOS) {
			return 0;
		}
		this.warned = true;
		this.lastWarning = now;
		this.countAtWarning = count();
		return since;
	}

	private void count(Stall.Kind kind, int change) {
		this.running += change;
		if (kind == Stall.Kind.BLOCKING) {
			this.blocking += change;
		}
		else {
			this.burning += change;
		}
	}

	WorkDescription work() {
		return this.work;
	}

	/**
	 * Returns whether this is to blame beyond doubt.
	 */
	boolean isCertain(long now) {
		return this.certain || count() >= DOUBTFUL_COUNT && now - this.firstNanos >= DOUBTFUL_NANOS;
	}

	boolean isRunning() {
		return this.running > 0;
	}

	/**
	 * Returns whether no stall is left of those that this was suspected of.
	 */
	boolean isInnocent() {
		return count() == 0;
	}

	private long count() {
		return this.blocking + this.burning;
	}

	/**
	 * Returns a view.
	 * @param runningNanos the time of the stalls that still run, one by one
	 */
	Culprit view(long[] runningNanos) {
		long total = this.totalNanos;
		long max = this.maxNanos;
		for (long nanos : runningNanos) {
			total += nanos;
			max = Math.max(max, nanos);
		}
		return new Culprit(this.method, this.frame, count(), this.blocking, this.burning, this.running,
				Duration.ofNanos(total), Duration.ofNanos(max), this.firstSeen, this.lastSeen, this.work, this.stack);
	}

	/**
	 * Copies the stacks.
	 * @return makes a view of them, guarded by nothing
	 */
	Supplier<CulpritSamples> samples(long now) {
		Supplier<SampledFrame> copy = this.samples.copy(now);
		StackTraceElement frame = this.frame;
		WorkDescription work = this.work;
		return () -> {
			SampledFrame all = copy.get();
			return new CulpritSamples(this.method, frame, work, all.samples(), all.callees());
		};
	}

}
