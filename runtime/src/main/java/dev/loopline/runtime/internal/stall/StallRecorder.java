package dev.loopline.runtime.internal.stall;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.thread.ThreadProbe;
import dev.loopline.runtime.stall.Culprit;
import dev.loopline.runtime.stall.CulpritSamples;
import dev.loopline.runtime.stall.ForeignPool;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.Stalls;
import dev.loopline.runtime.stall.WorkContext;
import dev.loopline.runtime.stall.WorkDescription;
import dev.loopline.runtime.time.Ticker;
import dev.loopline.runtime.time.WallClock;

/**
 * Keeps the book of the stalls of a runtime. Safe for use by many threads.
 */
public final class StallRecorder implements Stalls {

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

	/** Routes that are counted by name; each is a time series for ever. */
	static final int MAX_ROUTES = 100;

	/** What stalls of later routes are counted under. */
	static final String OTHER_ROUTES = "others";

	/** Culprits that are remembered. */
	static final int CAPACITY = 256;

	/** So many that run can be looked at every time. */
	private static final int FEW = 100;

	/** Between two looks, for each one more: a look takes some 0.1 us. */
	private static final long LOOK_NANOS = 10_000;

	/** Frames that are kept; what is further out is the event loop. */
	private static final int MAX_FRAMES = 128;

	/** When a stall is reported although it has not ended. */
	static final long LONG_NANOS = 1_000_000_000;

	private final Ticker ticker;

	private final WallClock wallClock;

	private final ApplicationFrames frames;

	private final StallSampler sampler;

	private final StallReporter reporter;

	private final ForeignWatch foreign;

	@GuardedBy("this")
	private final CulpritTable culprits = new CulpritTable(CAPACITY);

	@GuardedBy("this")
	private final Set<RunningStall> running = new LinkedHashSet<>();

	/** When it is due to look at all that run. Only for the monitor. */
	private long nextLook;

	/** By kind. */
	@GuardedBy("this")
	private final long[] counts = new long[Stall.Kind.values().length];

	/** Those that have ended, by route. */
	@GuardedBy("this")
	private final Map<String, Long> routes = new HashMap<>();

	@GuardedBy("this")
	private final long[] nanos = new long[Stall.Kind.values().length];

	public StallRecorder(StallSettings settings) {
		this(settings, new StallReporter(settings));
	}

	StallRecorder(StallSettings settings, StallReporter reporter) {
		this.ticker = settings.ticker();
		this.wallClock = new WallClock(this.ticker);
		this.nextLook = this.ticker.nanos();
		this.frames = new ApplicationFrames(settings.frameworkPackages(), settings.applicationPackages(),
				settings.pollingClasses());
		this.sampler = new StallSampler(this, settings);
		this.reporter = reporter;
		this.foreign = new ForeignWatch(settings, reporter);
	}

	/*
	 * --------------- Views ---------------
	 */

	@Override
	public List<Culprit> culprits() {
		long now = this.ticker.nanos();
		List<Culprit> views = new ArrayList<>();
		synchronized (this) {
			for (CulpritEntry entry : this.culprits.entries()) {
				if (entry.isInnocent()) {
					continue; // all that it was suspected of turned out to be another's
				}
				views.add(entry.view(this.running.stream()
					.filter((stall) -> stall.culprit() == entry)
					.mapToLong((stall) -> stall.ageNanos(now))
					.toArray()));
			}
		}
		views.sort(Comparator.comparing(Culprit::total).reversed());
		return views;
	}

	@Override
	public List<CulpritSamples> samples() {
		long now = this.ticker.nanos();
		List<CulpritEntry> entries;
		synchronized (this) {
			entries = this.culprits.entries();
		}
		List<CulpritSamples> views = new ArrayList<>();
		for (CulpritEntry entry : entries) {
			@Nullable Supplier<CulpritSamples> copy;
			synchronized (this) { // again and again, as the monitor may wait for it
				copy = entry.isInnocent() ? null : entry.samples(now);
			}
			if (copy != null) {
				views.add(copy.get());
			}
		}
		views.removeIf((samples) -> samples.samples() == 0);
		views.sort(Comparator.comparingLong(CulpritSamples::samples).reversed());
		return views;
	}

	@Override
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

	@Override
	public synchronized long count(Stall.Kind kind) {
		Objects.requireNonNull(kind, "kind");
		return this.counts[kind.ordinal()];
	}

	@Override
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

	public synchronized Map<Stall.Kind, Long> counts() {
		Map<Stall.Kind, Long> counts = new EnumMap<>(Stall.Kind.class);
		for (Stall.Kind kind : Stall.Kind.values()) {
			counts.put(kind, count(kind));
		}
		return counts;
	}

	public Map<Stall.Kind, Duration> times() {
		Map<Stall.Kind, Duration> times = new EnumMap<>(Stall.Kind.class);
		for (Stall.Kind kind : Stall.Kind.values()) {
			times.put(kind, time(kind));
		}
		return times;
	}

	public synchronized Map<String, Long> routes() {
		return Map.copyOf(this.routes);
	}

	@Override
	public List<ForeignPool> foreign() {
		return this.foreign.pools();
	}

	public Map<String, Long> foreignCounts() {
		return this.foreign.counts();
	}

	@GuardedBy("this")
	private void count(@Nullable String route) {
		if (route != null) {
			boolean named = this.routes.size() < MAX_ROUTES || this.routes.containsKey(route);
			this.routes.merge(named ? route : OTHER_ROUTES, 1L, Long::sum);
		}
	}

	@Override
	public synchronized void clear() {
		this.culprits.clear();
		for (RunningStall stall : this.running) {
			CulpritEntry culprit = stall.culprit();
			if (culprit != null) {
				attribute(stall, culprit.work());
			}
		}
	}

	/*
	 * --------------- For the monitor and the threads that were stuck ---------------
	 */

	/**
	 * Begins a stall.
	 * @param context what the thread works for, if that is known
	 * @param owner told about the stall before anybody looks at the thread
	 * @param polling asked by any thread whether the poll has not ended
	 */
	public RunningStall open(Stall.Kind kind, Thread thread, @Nullable WorkContext context,
			Consumer<RunningStall> owner, BooleanSupplier polling, long startNanos, long now) {
		return open(kind, thread, context, null, owner, polling, startNanos, now);
	}

	/**
	 * Begins a stall.
	 * @param context what the thread works for, if that is known
	 * @param route what stands for the route of that, if it is known; of two stalls of
	 * the same route only one must be described
	 * @param owner told about the stall before anybody looks at the thread
	 * @param polling asked by any thread whether the poll has not ended
	 */
	public RunningStall open(Stall.Kind kind, Thread thread, @Nullable WorkContext context, @Nullable Object route,
			Consumer<RunningStall> owner, BooleanSupplier polling, long startNanos, long now) {
		RunningStall stall = new RunningStall(this, kind, thread, context, route, polling, startNanos,
				this.wallClock.instant(now).minusNanos(now - startNanos));
		synchronized (this) {
			this.running.add(stall);
			this.counts[kind.ordinal()]++;
		}
		owner.accept(stall);
		this.sampler.add(stall);
		return stall;
	}

	/**
	 * Does what is due while stalls run.
	 */
	public void tick(long now, ThreadProbe probe) {
		List<RunningStall> due = (now - this.nextLook >= 0) ? takeDue(now) : List.of();
		this.sampler.sampleDue(now, probe);
		this.foreign.tick(now, probe);
		due.forEach((stall) -> this.reporter.log(() -> reportRunning(stall)));
	}

	/**
	 * Returns the stalls whose report is due. Ten thousand of them would keep this busy,
	 * and whoever ends one waiting, at every tick.
	 */
	private synchronized List<RunningStall> takeDue(long now) {
		List<RunningStall> due = new ArrayList<>();
		for (RunningStall stall : this.running) {
			if (stall.takeSampleDue(now)) {
				this.sampler.add(stall); // it may have been on its way elsewhere
			}
			if (stall.takeReportDue(now)) {
				due.add(stall);
			}
		}
		this.nextLook = now + Math.max(0, this.running.size() - FEW) * LOOK_NANOS;
		return due;
	}

	long nextLook() {
		return this.nextLook;
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
	public void sampled(RunningStall stall, WorkDescription work, StackTraceElement[] trace) {
		List<StackTraceElement> stack = Arrays.stream(trace)
			.limit(MAX_FRAMES)
			.map(StallRecorder::withoutModule)
			.toList();
		StackTraceElement frame = this.frames.find(stack);
		StackTraceElement place = (frame != null) ? frame : this.frames.innermostOutsideTheJdk(stack);
		boolean blameless = stall.isBlameless();
		List<StackTraceElement> application = this.frames.findAll(stack);
		synchronized (this) {
			if (this.running.contains(stall)) {
				stall.sampled(stack, frame, place);
				if (place == null || blameless) {
					stall.mark().excuse();
				}
				else {
					attribute(stall, work).sampled(stack, place, application, this.ticker.nanos());
				}
				this.culprits.remember(work, stall.route());
			}
		}
	}

	/**
	 * Returns whether a thread with this stack loads a class.
	 */
	public boolean isLoading(StackTraceElement[] trace) {
		List<StackTraceElement> stack = List.of(trace);
		return ApplicationFrames.isLoading(stack, this.frames.find(stack));
	}

	/**
	 * Modules and class loaders tell a developer nothing.
	 */
	static StackTraceElement withoutModule(StackTraceElement frame) {
		return new StackTraceElement(frame.getClassName(), frame.getMethodName(), frame.getFileName(),
				frame.getLineNumber());
	}

	/**
	 * Returns what a stall of this route was that was sampled before.
	 */
	synchronized @Nullable WorkDescription requestOf(@Nullable Object route) {
		return this.culprits.requestOf(route);
	}

	/**
	 * Returns whether stalls of this work have been sampled before.
	 */
	synchronized boolean isKnown(WorkDescription work) {
		return this.culprits.isKnown(work);
	}

	void ended(RunningStall stall, long now) {
		boolean listening = this.reporter.isListening();
		WorkDescription similar = listening ? null : requestOf(stall.route());
		WorkDescription work = (similar != null) ? similar : stall.describe();
		boolean blameless = stall.isBlameless();
		if (blameless) {
			stall.mark().excuse();
		}
		long warnings;
		synchronized (this) {
			this.running.remove(stall);
			stall.ended(now);
			this.nanos[stall.kind().ordinal()] += stall.ageNanos(now);
			count(work.route());
			CulpritEntry suspect = stall.culprit();
			if (blameless && suspect != null) {
				suspect.acquit(stall.kind()); // nobody knew yet what it worked for
			}
			CulpritEntry culprit = blameless ? null : culpritOf(stall, work);
			if (culprit != null) {
				culprit.ended(stall.ageNanos(now), this.wallClock.instant(now));
			}
			warnings = takeWarning(stall, culprit, now);
		}
		if (listening || warnings > 0) {
			WorkDescription own = (similar != null) ? stall.describe() : work;
			Stall view;
			synchronized (this) {
				view = stall.view(own, now, false);
			}
			this.reporter.report(view, warnings);
		}
	}

	/**
	 * Returns how many stalls a warning must speak of. One that could name nothing would
	 * help nobody, nor would one without a place beside those that have one. Nobody is to
	 * blame while an application warms up: classes are loaded, and all code is slow.
	 */
	@GuardedBy("this")
	private long takeWarning(RunningStall stall, @Nullable CulpritEntry culprit, long now) {
		if (culprit == null) {
			return 0;
		}
		WorkDescription work = culprit.work();
		boolean empty = culprit.method.equals(Culprit.UNKNOWN)
				&& (CulpritTable.subject(work) == null || this.culprits.isKnown(work));
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
			return stall.view(work, now, this.running.contains(stall));
		}
	}

	/**
	 * Returns who is suspected of a stall.
	 * @return {@code null} if it is our own doing
	 */
	@GuardedBy("this")
	private @Nullable CulpritEntry culpritOf(RunningStall stall, WorkDescription work) {
		CulpritEntry culprit = stall.culprit();
		return (culprit != null || stall.isOwn()) ? culprit : attribute(stall, work);
	}

	@GuardedBy("this")
	private CulpritEntry attribute(RunningStall stall, WorkDescription work) {
		long now = this.ticker.nanos();
		CulpritEntry culprit = this.culprits.culprit(stall.place(), work, stall.start(), now);
		culprit.began(stall, work, this.wallClock.instant(now));
		return culprit;
	}

	public StallReporter reporter() {
		return this.reporter;
	}

	/**
	 * Ends the threads of the sampler and the reporter.
	 */
	public void stop() {
		this.sampler.stop();
		this.foreign.stop();
		this.reporter.stop();
	}

	/**
	 * Waits for their end.
	 * @return the threads that have not ended in time
	 */
	public Set<Thread> awaitTermination(long deadlineNanos) {
		Set<Thread> left = new HashSet<>(this.sampler.awaitTermination(deadlineNanos));
		left.addAll(this.foreign.awaitTermination(deadlineNanos));
		left.addAll(this.reporter.awaitTermination(deadlineNanos));
		return left;
	}

}
