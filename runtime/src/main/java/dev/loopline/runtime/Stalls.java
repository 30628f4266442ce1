package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * The stalls of a {@link TaskRuntime}: those that run now, and who caused all of them.
 * Safe for use by many threads.
 */
public final class Stalls {

	/*-
	 * The life of a stall
	 * -------------------
	 * 1. The monitor opens it, after the same checks as for a handoff.
	 * 2. The sampler takes a stack while the thread is stuck and finds the culprit. It has a budget: what
	 *    it cannot look at is counted for the route or the task, and nobody knows where it was.
	 * 3. The thread that was stuck ends it as soon as it is free. A stall without a handoff, for want of
	 *    a spare thread, is ended by the monitor, as a worker looks at nothing but its poll state then.
	 * 4. The reporter writes the log and calls the listeners: at the end, and before that once the stall
	 *    has lasted for a second, a minute, an hour.
	 *
	 * The monitor of this object is held for a few instructions. No code of the embedder is called under
	 * it, or on the monitor's thread.
	 */

	/** Culprits that are remembered. */
	static final int CAPACITY = 256;

	/** Frames that are kept; what is further out is the event loop. */
	private static final int MAX_FRAMES = 128;

	/** When a stall is reported although it has not ended. */
	static final long LONG_NANOS = 1_000_000_000;

	private final Ticker ticker;

	private final ApplicationFrames frames;

	private final StallSampler sampler;

	private final StallReporter reporter;

	private final CulpritTable culprits = new CulpritTable(CAPACITY);

	private final Set<RunningStall> running = new LinkedHashSet<>();

	/** By kind. */
	private final long[] counts = new long[Stall.Kind.values().length];

	private final long[] nanos = new long[Stall.Kind.values().length];

	Stalls(TaskRuntimeConfig config) {
		this(config, new StallReporter(config));
	}

	Stalls(TaskRuntimeConfig config, StallReporter reporter) {
		this.ticker = config.ticker();
		this.frames = new ApplicationFrames(config.frameworkPackages(), config.applicationPackages());
		this.sampler = new StallSampler(this, config);
		this.reporter = reporter;
	}

	/*
	 * --------------- Views ---------------
	 */

	/**
	 * Returns the culprits, at most 256 of them.
	 * @return views, those that took the most time first
	 */
	public List<Culprit> culprits() {
		long now = this.ticker.nanos();
		List<Culprit> views = new ArrayList<>();
		synchronized (this) {
			for (CulpritEntry entry : this.culprits.entries()) {
				if (entry.isInnocent()) {
					continue; // all that it was suspected of turned out to be another's
				}
				views.add(entry.view(this.running.stream()
					.filter((stall) -> stall.culprit == entry)
					.mapToLong((stall) -> stall.ageNanos(now))
					.toArray()));
			}
		}
		views.sort(Comparator.comparing(Culprit::total).reversed());
		return views;
	}

	/**
	 * Returns the stalls that have not ended.
	 * @return views, the oldest first
	 */
	public List<Stall> running() {
		long now = this.ticker.nanos();
		List<RunningStall> stalls;
		synchronized (this) {
			stalls = List.copyOf(this.running);
		}
		List<Stall> views = new ArrayList<>(stalls.size());
		for (RunningStall stall : stalls) {
			WorkDescription work = stall.describe();
			synchronized (this) {
				views.add(stall.view(work, now, true));
			}
		}
		return views;
	}

	/**
	 * Returns how many stalls there were, those that still run included.
	 * @param kind the kind
	 * @return the number since the start of the runtime
	 */
	public synchronized long count(Stall.Kind kind) {
		Objects.requireNonNull(kind, "kind");
		return this.counts[kind.ordinal()];
	}

	/**
	 * Returns how long stalls lasted, those that still run included.
	 * @param kind the kind
	 * @return the time since the start of the runtime
	 */
	public Duration time(Stall.Kind kind) {
		Objects.requireNonNull(kind, "kind");
		long now = this.ticker.nanos();
		synchronized (this) {
			long sum = this.nanos[kind.ordinal()];
			for (RunningStall stall : this.running) {
				sum += (stall.kind() == kind) ? stall.ageNanos(now) : 0;
			}
			return Duration.ofNanos(sum);
		}
	}

	synchronized Map<Stall.Kind, Long> counts() {
		Map<Stall.Kind, Long> counts = new EnumMap<>(Stall.Kind.class);
		for (Stall.Kind kind : Stall.Kind.values()) {
			counts.put(kind, count(kind));
		}
		return counts;
	}

	Map<Stall.Kind, Duration> times() {
		Map<Stall.Kind, Duration> times = new EnumMap<>(Stall.Kind.class);
		for (Stall.Kind kind : Stall.Kind.values()) {
			times.put(kind, time(kind));
		}
		return times;
	}

	/**
	 * Forgets the culprits, but not those that are stuck at the moment. The counters go
	 * on.
	 */
	public synchronized void clear() {
		this.culprits.clear();
		for (RunningStall stall : this.running) {
			if (stall.culprit != null) {
				attribute(stall, stall.culprit.work());
			}
		}
	}

	/*
	 * --------------- For the monitor and the threads that were stuck ---------------
	 */

	/**
	 * Begins a stall.
	 * @param polling asked by any thread whether the poll has not ended
	 */
	RunningStall open(Stall.Kind kind, Thread thread, Work work, BooleanSupplier polling, long startNanos, long now) {
		RunningStall stall = new RunningStall(this, kind, thread, work.context(), polling, startNanos, now);
		synchronized (this) {
			this.running.add(stall);
			this.counts[kind.ordinal()]++;
		}
		work.stalled(stall);
		this.sampler.add(stall);
		return stall;
	}

	/**
	 * Does what is due while stalls run.
	 */
	void tick(long now, ThreadProbe probe) {
		List<RunningStall> due = List.of();
		synchronized (this) {
			for (RunningStall stall : this.running) {
				if (2 * stall.ageNanos(now) >= stall.nextSampleNanos) {
					stall.nextSampleNanos *= 60;
					this.sampler.add(stall); // it may have been on its way elsewhere
				}
				if (stall.ageNanos(now) >= stall.nextReportNanos) {
					stall.nextReportNanos *= 60;
					due = new ArrayList<>(due);
					due.add(stall);
				}
			}
		}
		this.sampler.sampleDue(now, probe);
		due.forEach((stall) -> this.reporter.log(() -> reportRunning(stall)));
	}

	private void reportRunning(RunningStall stall) {
		WorkDescription work = stall.describe();
		boolean blameless = stall.isBlameless();
		long now = this.ticker.nanos();
		Stall view;
		long warnings;
		synchronized (this) {
			if (!this.running.contains(stall)) {
				return; // the end was reported instead
			}
			warnings = takeWarning(stall, blameless ? null : culpritOf(stall, work), now);
			view = stall.view(work, now, true);
		}
		this.reporter.report(view, warnings);
	}

	/**
	 * Adds what the sampler saw.
	 */
	void sampled(RunningStall stall, WorkDescription work, StackTraceElement[] trace) {
		List<StackTraceElement> stack = Arrays.stream(trace).limit(MAX_FRAMES).map(Stalls::withoutModule).toList();
		StackTraceElement frame = this.frames.find(stack);
		StackTraceElement place = (frame != null) ? frame : ApplicationFrames.innermostOutsideTheJdk(stack);
		boolean blameless = place == null || stall.isBlameless();
		synchronized (this) {
			if (this.running.contains(stall)) {
				stall.stack = stack;
				stall.frame = frame;
				stall.place = place;
				stall.loading = ApplicationFrames.isLoading(stack, frame);
				stall.own = place == null;
				if (blameless) {
					stall.mark().excuse();
				}
				else {
					attribute(stall, work);
				}
				this.culprits.remember(work);
			}
		}
	}

	/**
	 * Returns whether a thread with this stack loads a class.
	 */
	boolean isLoading(StackTraceElement[] trace) {
		List<StackTraceElement> stack = List.of(trace);
		return ApplicationFrames.isLoading(stack, this.frames.find(stack));
	}

	/**
	 * Modules and class loaders tell a developer nothing.
	 */
	private static StackTraceElement withoutModule(StackTraceElement frame) {
		return new StackTraceElement(frame.getClassName(), frame.getMethodName(), frame.getFileName(),
				frame.getLineNumber());
	}

	/**
	 * Returns whether stalls of this work have been sampled before.
	 */
	synchronized boolean isKnown(WorkDescription work) {
		return this.culprits.isKnown(work);
	}

	void ended(RunningStall stall, long now) {
		WorkDescription work = stall.describe();
		boolean blameless = stall.isBlameless();
		if (blameless) {
			stall.mark().excuse();
		}
		Stall view;
		long warnings;
		synchronized (this) {
			this.running.remove(stall);
			stall.endNanos = now;
			this.nanos[stall.kind().ordinal()] += stall.ageNanos(now);
			CulpritEntry culprit = blameless ? null : culpritOf(stall, work);
			if (culprit != null) {
				culprit.ended(stall.ageNanos(now));
			}
			warnings = takeWarning(stall, culprit, now);
			view = stall.view(work, now, false);
		}
		this.reporter.report(view, warnings);
	}

	/**
	 * Returns how many stalls a warning must speak of. One that could name nothing would
	 * help nobody, nor would one without a place beside those that have one. Nobody is to
	 * blame while an application warms up: classes are loaded, and all code is slow.
	 */
	private long takeWarning(RunningStall stall, @Nullable CulpritEntry culprit, long now) {
		if (culprit == null) {
			return 0;
		}
		WorkDescription work = culprit.work();
		boolean empty = culprit.method.equals(Culprit.UNKNOWN)
				&& (work.subject() == null || this.culprits.isKnown(work));
		boolean sure = culprit.isCertain(now) || stall.ageNanos(now) >= CulpritEntry.DOUBTFUL_NANOS;
		return (this.reporter.isLogging() && sure && !empty) ? culprit.takeWarning(now) : 0;
	}

	/**
	 * Returns a view of a stall that runs or has ended.
	 */
	Stall view(RunningStall stall) {
		WorkDescription work = stall.describe();
		long now = this.ticker.nanos();
		synchronized (this) {
			boolean running = this.running.contains(stall);
			return stall.view(work, running ? now : stall.endNanos, running);
		}
	}

	/**
	 * Returns who is suspected of a stall.
	 * @return {@code null} if it is our own doing
	 */
	private @Nullable CulpritEntry culpritOf(RunningStall stall, WorkDescription work) {
		CulpritEntry culprit = stall.culprit;
		return (culprit != null || stall.own) ? culprit : attribute(stall, work);
	}

	private CulpritEntry attribute(RunningStall stall, WorkDescription work) {
		CulpritEntry culprit = this.culprits.culprit(stall.place, work, stall.start(), this.ticker.nanos());
		culprit.began(stall, work);
		return culprit;
	}

	StallReporter reporter() {
		return this.reporter;
	}

	/**
	 * Ends the threads of the sampler and the reporter.
	 */
	void stop() {
		this.sampler.stop();
		this.reporter.stop();
	}

	/**
	 * Waits for their end.
	 * @return the threads that have not ended in time
	 */
	Set<Thread> awaitTermination(long deadlineNanos) {
		Set<Thread> left = new HashSet<>(this.sampler.awaitTermination(deadlineNanos));
		left.addAll(this.reporter.awaitTermination(deadlineNanos));
		return left;
	}

}
