package dev.loopline.runtime.internal.stall;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkContext;
import dev.loopline.runtime.stall.WorkDescription;

/**
 * A stall from the moment that the monitor sees it. It ends once, whoever is the first to
 * know. Safe for use by many threads.
 */
public final class RunningStall {

	/** How much later it is sampled and reported again. */
	private static final int REPEAT = 60;

	private final StallRecorder stalls;

	private final Stall.Kind kind;

	private final Thread thread;

	private volatile @Nullable WorkContext context;

	private volatile Supplier<@Nullable WorkContext> later = () -> null;

	/** What stands for the route that it works for, if that is known. */
	private final @Nullable Object route;

	/** Whether the thread is inside the poll. */
	private final BooleanSupplier polling;

	private final long startNanos;

	private final Instant start;

	private final AtomicBoolean over = new AtomicBoolean();

	private final StallMark mark = new StallMark();

	@GuardedBy("stalls")
	private List<StackTraceElement> stack = List.of();

	@GuardedBy("stalls")
	private @Nullable StackTraceElement frame;

	/** What it is counted under, if its stack was taken. */
	@GuardedBy("stalls")
	private @Nullable StackTraceElement place;

	@GuardedBy("stalls")
	private @Nullable CulpritEntry culprit;

	/** Whether it turned out to be our own doing. */
	@GuardedBy("stalls")
	private boolean own;

	/** Whether the thread was loading a class. */
	@GuardedBy("stalls")
	private boolean loading;

	/** Twice the time that it must have lasted before its stack is taken once more. */
	@GuardedBy("stalls")
	private long nextSampleNanos = StallRecorder.LONG_NANOS;

	/** How long it must have lasted before the next report of it. */
	@GuardedBy("stalls")
	private long nextReportNanos = StallRecorder.LONG_NANOS;

	/** When it ended, if it has. */
	@GuardedBy("stalls")
	private long endNanos;

	RunningStall(StallRecorder stalls, Stall.Kind kind, Thread thread, @Nullable WorkContext context,
			@Nullable Object route, BooleanSupplier polling, long startNanos, Instant start) {
		this.stalls = stalls;
		this.kind = kind;
		this.thread = thread;
		this.context = context;
		this.route = route;
		this.polling = polling;
		this.startNanos = startNanos;
		this.start = start;
	}

	/**
	 * Ends the stall, unless it has ended.
	 */
	public void end(long now) {
		if (this.over.compareAndSet(false, true)) {
			this.mark.end(now);
			this.stalls.ended(this, now);
		}
	}

	/**
	 * Returns whether the thread has gone on, even if nobody has ended the stall yet: a
	 * stack that was taken before this was asked is that of the stall if the answer is
	 * no.
	 */
	boolean isOver() {
		return this.over.get() || !this.polling.getAsBoolean();
	}

	/**
	 * Returns what is left of this for the strand.
	 */
	public StallMark mark() {
		return this.mark;
	}

	/**
	 * Says where to look for what the thread works for, if nobody knew it when the stall
	 * began: a request is not known before its first bytes have been read, which loads
	 * classes the first time.
	 */
	public void lookForContext(Supplier<@Nullable WorkContext> later) {
		this.later = later;
	}

	/**
	 * Returns what the thread works for. What shows up after the stall's poll is not it.
	 */
	private @Nullable WorkContext context() {
		WorkContext known = this.context;
		if (known == null) {
			WorkContext found = this.later.get();
			if (found != null && !isOver()) {
				known = found;
				this.context = found;
			}
		}
		return known;
	}

	/**
	 * Asks what the strand is working for. Runs code of the embedder: not for the
	 * monitor, and not under a lock.
	 */
	public WorkDescription describe() {
		try {
			WorkContext context = context();
			return (context != null) ? context.describe() : WorkDescription.UNKNOWN;
		}
		catch (Throwable ex) {
			return WorkDescription.UNKNOWN; // better a stall without a route than none
		}
	}

	/**
	 * Asks whether nobody is to be blamed for it. Runs code of the embedder, too.
	 */
	boolean isBlameless() {
		try {
			WorkContext context = context();
			return context != null && context.isBlameless();
		}
		catch (Throwable ex) {
			return false;
		}
	}

	Stall.Kind kind() {
		return this.kind;
	}

	@Nullable Object route() {
		return this.route;
	}

	Thread thread() {
		return this.thread;
	}

	Instant start() {
		return this.start;
	}

	long ageNanos(long now) {
		return now - this.startNanos;
	}

	/*
	 * --------------- For the stalls, under their lock ---------------
	 */

	/**
	 * Returns whether its stack is to be taken, and sets when that is due again.
	 */
	boolean takeSampleDue(long now) {
		synchronized (this.stalls) {
			boolean due = 2 * ageNanos(now) >= this.nextSampleNanos;
			this.nextSampleNanos *= due ? REPEAT : 1;
			return due;
		}
	}

	/**
	 * Returns whether it is to be reported, and sets when that is due again.
	 */
	boolean takeReportDue(long now) {
		synchronized (this.stalls) {
			boolean due = ageNanos(now) >= this.nextReportNanos;
			this.nextReportNanos *= due ? REPEAT : 1;
			return due;
		}
	}

	/**
	 * Keeps what the sampler saw.
	 */
	void sampled(List<StackTraceElement> stack, @Nullable StackTraceElement frame, @Nullable StackTraceElement place) {
		synchronized (this.stalls) {
			this.stack = stack;
			this.frame = frame;
			this.place = place;
			this.loading = ApplicationFrames.isLoading(stack, frame);
			this.own = place == null;
		}
	}

	/**
	 * Suspects a culprit.
	 * @return the one that was suspected before
	 */
	@Nullable CulpritEntry suspect(CulpritEntry culprit) {
		synchronized (this.stalls) {
			CulpritEntry before = this.culprit;
			this.culprit = culprit;
			return before;
		}
	}

	@Nullable CulpritEntry culprit() {
		synchronized (this.stalls) {
			return this.culprit;
		}
	}

	boolean isOwn() {
		synchronized (this.stalls) {
			return this.own;
		}
	}

	/**
	 * Returns whether there is code of the application to blame, beyond doubt.
	 */
	boolean isCertain() {
		synchronized (this.stalls) {
			return this.frame != null && !this.loading;
		}
	}

	@Nullable StackTraceElement place() {
		synchronized (this.stalls) {
			return this.place;
		}
	}

	@Nullable StackTraceElement frame() {
		synchronized (this.stalls) {
			return this.frame;
		}
	}

	List<StackTraceElement> stack() {
		synchronized (this.stalls) {
			return this.stack;
		}
	}

	void ended(long now) {
		synchronized (this.stalls) {
			this.endNanos = now;
		}
	}

	/**
	 * Returns a view of the stall as it is, or as it was when it ended.
	 */
	Stall view(WorkDescription work, long now, boolean running) {
		synchronized (this.stalls) {
			long end = running ? now : this.endNanos;
			return new Stall(this.kind, this.thread.getName(), work, this.start, Duration.ofNanos(ageNanos(end)),
					running, this.frame, this.stack);
		}
	}

	/**
	 * Returns a view of the stall as it is now.
	 */
	public Stall view() {
		return this.stalls.view(this);
	}

}
