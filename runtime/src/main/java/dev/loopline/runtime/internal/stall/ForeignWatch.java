package dev.loopline.runtime.internal.stall;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.internal.thread.BlockingPool;
import dev.loopline.runtime.internal.thread.ThreadProbe;
import dev.loopline.runtime.stall.ForeignPool;
import dev.loopline.runtime.stall.ForeignThreads;
import dev.loopline.runtime.time.Ticker;
import dev.loopline.runtime.time.WallClock;

/**
 * Finds threads of other libraries that the application keeps from whoever else uses
 * them. Safe for use by many threads.
 */
final class ForeignWatch {

	/*-
	 * The cost
	 * --------
	 * Threads are listed every few seconds, and only those that are somebody's are checked. A check reads how much of
	 * the processor a thread has used, which stops nobody. Stacks are taken by a thread of its own, which lives while there
	 * are some to take, out of a budget as that of the sampler: an idle event loop costs one, and nothing until it
	 * moves. Half of the budget is kept for those that are suspected; with the rest, threads that move are visited in turn.
	 *
	 * Pauses
	 * ------
	 * Nobody is to blame for a time in which nobody ran. A check that comes late shows such a time, and what was known
	 * before is forgotten, if stacks are being taken after that. What a stack shows counts for the time of the check that
	 * asked for it: there may be a pause until it is taken.
	 */

	/** Between two checks. The monitor looks twice as seldom while nothing runs. */
	static final long PERIOD_NANOS = 50_000_000;

	/** Between two lists of threads. */
	static final long LIST_NANOS = 2_000_000_000L;

	/** A check that is later than this came after a pause of the whole process. */
	private static final long PAUSE_NANOS = 200_000_000;

	static final int BUDGET = 10;

	static final int RESERVE = BUDGET / 2;

	private static final long REFILL_NANOS = 100_000_000;

	/** Pools that are told apart: their names are made up by whoever makes them. */
	static final int MAX_POOLS = 64;

	/** What later ones of a library are listed under. */
	static final String OTHER_POOLS = "others";

	/** Frames that are kept, as of stalls. */
	private static final int MAX_FRAMES = 128;

	/** What an application may be made of when its own packages are not known. */
	private static final List<String> LIBRARIES = List.of("io.lettuce", "io.grpc", "com.google", "com.couchbase",
			"com.datastax", "com.mongodb", "com.rabbitmq", "org.neo4j", "org.redisson", "org.apache", "org.postgresql",
			"org.mariadb", "io.asyncer", "io.r2dbc", "io.rsocket", "io.vertx", "software.amazon");

	private static final Logger logger = LoggerFactory.getLogger(ForeignWatch.class);

	private final ForeignThreads owners;

	private final Supplier<List<Thread>> source;

	private final ApplicationFrames frames;

	private final StallReporter reporter;

	private final BlockingPool thread;

	private final WallClock wallClock;

	private final long threshold;

	private final long period;

	/** Only for the monitor, as all that is about time. */
	private long next;

	private long nextList;

	private long lastTick;

	private long lastRefill;

	private int left = BUDGET;

	private int turn;

	/** Whether there was a pause that the threads do not know of yet. */
	private boolean paused;

	/** Whether the thread is looking at some. */
	@GuardedBy("this")
	private boolean looking;

	@GuardedBy("this")
	private Map<Thread, ForeignThread> threads = new IdentityHashMap<>();

	@GuardedBy("this")
	private final Map<ForeignThreads.Owner, ForeignPoolEntry> pools = new LinkedHashMap<>();

	/** By library. */
	@GuardedBy("this")
	private final Map<String, Long> counts = new TreeMap<>();

	@GuardedBy("this")
	private final WarningTable warnings = new WarningTable();

	ForeignWatch(StallSettings settings, StallReporter reporter) {
		this.owners = settings.foreignThreads();
		this.source = settings.jvmThreads();
		this.threshold = settings.threshold().toNanos();
		this.period = Math.max(this.threshold / 2, PERIOD_NANOS);
		this.frames = new ApplicationFrames(
				Stream.concat(settings.frameworkPackages().stream(), LIBRARIES.stream()).toList(),
				settings.applicationPackages(), Set.of());
		this.reporter = reporter;
		this.thread = settings.newThread(1);
		Ticker ticker = settings.ticker();
		this.wallClock = new WallClock(ticker);
		this.lastTick = ticker.nanos();
		this.lastRefill = this.lastTick;
		this.next = this.lastTick + this.period;
		this.nextList = this.lastTick;
	}

	/*
	 * --------------- Views ---------------
	 */

	synchronized List<ForeignPool> pools() {
		return this.pools.values()
			.stream()
			.map(ForeignPoolEntry::view)
			.sorted(Comparator.comparing((ForeignPool pool) -> pool.owner().library())
				.thenComparing((pool) -> pool.owner().pool()))
			.toList();
	}

	synchronized Map<String, Long> counts() {
		return Map.copyOf(this.counts);
	}

	/*
	 * --------------- For the monitor ---------------
	 */

	/**
	 * Checks the threads if that is due.
	 */
	void tick(long now, ThreadProbe probe) {
		if (this.owners == ForeignThreads.NONE || now - this.next < 0) {
			return;
		}
		this.paused |= now - this.lastTick > this.period + PAUSE_NANOS;
		this.lastTick = now;
		this.next = now + this.period;
		List<Thread> all = List.of();
		if (now - this.nextList >= 0) {
			this.nextList = now + LIST_NANOS;
			all = this.source.get();
		}
		long refills = (now - this.lastRefill) / REFILL_NANOS;
		this.lastRefill += refills * REFILL_NANOS;
		this.left = (int) Math.min(BUDGET, this.left + refills);
		List<ForeignThread> due;
		synchronized (this) {
			if (this.looking) {
				return;
			}
			if (!all.isEmpty()) {
				update(all);
			}
			if (this.paused) {
				this.threads.values().forEach(ForeignThread::resume);
				this.paused = false;
			}
			due = takeDue(now, probe);
			this.looking = !due.isEmpty();
		}
		if (!due.isEmpty()) {
			look(due, now, probe);
		}
	}

	@GuardedBy("this")
	private void update(List<Thread> all) {
		Map<Thread, ForeignThread> known = this.threads;
		this.threads = new IdentityHashMap<>();
		this.pools.values().forEach((pool) -> pool.threads = 0);
		for (Thread thread : all) {
			ForeignThreads.Owner owner = this.owners.ownerOf(thread);
			if (owner != null) {
				ForeignPoolEntry pool = pool(owner);
				pool.threads++;
				ForeignThread before = known.remove(thread);
				this.threads.put(thread, (before != null) ? before : new ForeignThread(thread, pool));
			}
		}
		known.values().forEach(ForeignThread::leave);
		this.pools.values().removeIf(ForeignPoolEntry::isForgettable);
	}

	@GuardedBy("this")
	private ForeignPoolEntry pool(ForeignThreads.Owner owner) {
		boolean named = this.pools.size() < MAX_POOLS || this.pools.containsKey(owner);
		return this.pools.computeIfAbsent(
				named ? owner : new ForeignThreads.Owner(owner.library(), OTHER_POOLS, owner.advice()),
				ForeignPoolEntry::new);
	}

	/**
	 * Returns the threads whose stacks are to be taken, as many as the budget allows.
	 */
	@GuardedBy("this")
	private List<ForeignThread> takeDue(long now, ThreadProbe probe) {
		List<ForeignThread> due = new ArrayList<>();
		List<ForeignThread> visits = new ArrayList<>();
		for (ForeignThread thread : this.threads.values()) {
			switch (thread.check(probe.cpuNanos(thread.thread), now, this.threshold)) {
				case NEEDED -> due.add(thread);
				case IF_CHEAP -> visits.add(thread);
				case NONE -> {
				}
			}
		}
		due = due.subList(0, Math.min(due.size(), this.left));
		this.left -= due.size();
		for (int i = 0; i < visits.size() && this.left > RESERVE; i++) {
			due.add(visits.get((this.turn + i) % visits.size()));
			this.left--;
		}
		this.turn = (this.turn + 1) & Integer.MAX_VALUE;
		return due;
	}

	private void look(List<ForeignThread> due, long now, ThreadProbe probe) {
		try {
			this.thread.execute(() -> lookAt(due, now, probe));
		}
		catch (Throwable ex) {
			looked(); // the runtime is about to end, or there are no more threads
		}
	}

	private synchronized void looked() {
		this.looking = false;
	}

	synchronized boolean isLooking() {
		return this.looking;
	}

	/*
	 * --------------- For the thread that looks ---------------
	 */

	private void lookAt(List<ForeignThread> due, long now, ThreadProbe probe) {
		try {
			due.forEach((thread) -> lookAt(thread, now, probe));
		}
		catch (Throwable ex) {
			logger.debug("A thread could not be sampled", ex);
		}
		finally {
			looked();
		}
	}

	private void lookAt(ForeignThread thread, long now, ThreadProbe probe) {
		List<StackTraceElement> stack = Arrays.stream(probe.stack(thread.thread))
			.map(StallRecorder::withoutModule)
			.toList();
		// A thread that waits in native code is called runnable, too.
		boolean waiting = !probe.isRunnable(thread.thread) || !stack.isEmpty() && stack.get(0).isNativeMethod();
		List<StackTraceElement> frames = framesOf(stack, thread.pool.owner());
		long cpu = probe.cpuNanos(thread.thread);
		synchronized (this) {
			ForeignStall stall = thread.looked(frames, waiting, cpu, now, this.threshold);
			if (stall != null) {
				report(thread, stall, frames.get(0), stack, now);
			}
		}
	}

	/**
	 * Returns the application's frames within what the loop calls: those further out are
	 * of whoever made the thread, and always there. Nobody is to blame for a class that
	 * is loaded.
	 */
	private List<StackTraceElement> framesOf(List<StackTraceElement> stack, ForeignThreads.Owner owner) {
		for (int i = stack.size() - 1; i >= 0; i--) {
			if (this.owners.isLoop(owner, stack.get(i).getClassName())) {
				List<StackTraceElement> found = this.frames.findAll(stack.subList(0, i));
				boolean loading = !found.isEmpty() && ApplicationFrames.isLoading(stack, found.get(0));
				return loading ? List.of() : found;
			}
		}
		return List.of();
	}

	@GuardedBy("this")
	private void report(ForeignThread thread, ForeignStall stall, StackTraceElement culprit,
			List<StackTraceElement> stack, long now) {
		ForeignThreads.Owner owner = thread.pool.owner();
		String name = thread.thread.getName();
		Instant start = this.wallClock.instant(now).minusNanos(now - stall.startNanos);
		List<StackTraceElement> kept = stack.stream().limit(MAX_FRAMES).toList();
		thread.pool.stalled(() -> stall.view(name, start, culprit, kept));
		this.counts.merge(owner.library(), 1L, Long::sum);
		long count = this.warnings.take(culprit, now);
		if (count > 0 && this.reporter.isLogging()) {
			this.reporter.warn(StallMessage.of(stall.view(name, start, culprit, kept), count, owner));
		}
	}

	void stop() {
		this.thread.shutdown();
	}

	Set<Thread> awaitTermination(long deadlineNanos) {
		return this.thread.awaitTermination(deadlineNanos);
	}

}
