package dev.loopline.autoconfigure.actuate;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.stall.Culprit;
import dev.loopline.runtime.stall.WorkDescription;
import dev.loopline.runtime.time.Ticker;

/**
 * The last quarter of an hour in steps of 15 seconds: what was counted, and which culprit
 * stalled when. Who looks after an incident still sees it. Safe for use by many threads.
 */
final class RuntimeHistory {

	/*-
	 * Somebody has to call record() at least once a step. It compares the counters with those of the last time;
	 * the culprits are asked for only if there were stalls since then, and once more, as the stack of a stall
	 * is looked at after it is counted. There are no more of them than the runtime keeps, which is 256.
	 */

	static final Duration STEP = Duration.ofSeconds(15);

	static final int STEPS = 60;

	/** Culprits that are shown. */
	static final int MAX_CULPRITS = 50;

	private final Supplier<Counters> counters;

	private final Supplier<List<Culprit>> culprits;

	private final Ticker ticker;

	private final long origin;

	private final Steps stalls = new Steps();

	private final Steps refused = new Steps();

	private final Steps exhaustions = new Steps();

	private final Steps busyThreads = new Steps();

	private final Steps waiting = new Steps();

	private Map<Key, Entry> entries = new HashMap<>();

	private Counters last = new Counters(0, 0, 0, 0, 0);

	private boolean stalled;

	RuntimeHistory(Supplier<Counters> counters, Supplier<List<Culprit>> culprits, Ticker ticker) {
		this.counters = counters;
		this.culprits = culprits;
		this.ticker = ticker;
		this.origin = ticker.nanos();
	}

	/**
	 * Notes what has happened since the last time.
	 */
	synchronized void record() {
		long step = step();
		Counters now = this.counters.get();
		long stalls = since(this.last.stalls, now.stalls);
		this.stalls.add(step, stalls);
		this.refused.add(step, since(this.last.refused, now.refused));
		this.exhaustions.add(step, since(this.last.exhaustions, now.exhaustions));
		this.busyThreads.raise(step, now.busyThreads);
		this.waiting.raise(step, now.waiting);
		this.last = now;
		if (stalls > 0 || this.stalled) {
			recordCulprits(step);
		}
		this.stalled = stalls > 0;
	}

	private void recordCulprits(long step) {
		Map<Key, Entry> seen = new HashMap<>();
		for (Culprit culprit : this.culprits.get()) {
			Key key = Key.of(culprit);
			Entry entry = this.entries.getOrDefault(key, new Entry());
			entry.steps.add(step, since(entry.count, culprit.count()));
			entry.count = culprit.count();
			seen.put(key, entry);
		}
		this.entries = seen;
	}

	/**
	 * Returns what has happened: steps from the oldest to the one that is not over.
	 * @param running the stalls that have not ended
	 * @param foreign threads of other libraries that the application has kept
	 */
	synchronized HistoryDescriptor describe(List<StallsDescriptor.Running> running, List<LoopsDescriptor.Pool> foreign,
			long timestamp) {
		record();
		long step = step();
		List<HistoryDescriptor.Entry> culprits = this.culprits.get()
			.stream()
			.map((culprit) -> describe(culprit, step))
			.filter((entry) -> entry.recent() > 0 || entry.culprit().running() > 0)
			.sorted(Comparator.comparingDouble(RuntimeHistory::cost).reversed())
			.limit(MAX_CULPRITS)
			.toList();
		return new HistoryDescriptor(timestamp, STEP.toMillis(), this.stalls.until(step), this.refused.until(step),
				this.exhaustions.until(step), this.busyThreads.until(step), this.waiting.until(step), running, culprits,
				foreign);
	}

	private HistoryDescriptor.Entry describe(Culprit culprit, long step) {
		Entry entry = this.entries.get(Key.of(culprit));
		int[] steps = (entry != null) ? entry.steps.until(step) : new int[STEPS];
		long recent = 0;
		for (int count : steps) {
			recent += count;
		}
		return new HistoryDescriptor.Entry(recent, steps, StallsDescriptor.CulpritDescriptor.of(culprit));
	}

	/**
	 * About the time that a culprit took lately: what it did long ago is no reason to
	 * come first.
	 */
	private static double cost(HistoryDescriptor.Entry entry) {
		StallsDescriptor.CulpritDescriptor culprit = entry.culprit();
		return Math.max(1, entry.recent()) * (culprit.totalNanos() / (double) Math.max(1, culprit.count()));
	}

	private long step() {
		return (this.ticker.nanos() - this.origin) / STEP.toNanos();
	}

	/** A counter that became smaller began anew. */
	private static long since(long before, long now) {
		return (now >= before) ? now - before : now;
	}

	/**
	 * What is counted, and what is measured.
	 *
	 * @param busyThreads threads for work that blocks that are taken now
	 * @param waiting what waits for one now
	 */
	record Counters(long stalls, long refused, long exhaustions, int busyThreads, int waiting) {
	}

	private record Key(String method, @Nullable StackTraceElement frame, @Nullable String subject) {

		static Key of(Culprit culprit) {
			WorkDescription work = culprit.lastWork();
			String subject = (work.route() != null) ? work.route() : work.handler();
			return new Key(culprit.method(), culprit.frame(), (subject != null) ? subject : work.task());
		}

	}

	private static final class Entry {

		private final Steps steps = new Steps();

		private long count;

	}

	/**
	 * A number for each of the last steps. Guarded by the history.
	 */
	private static final class Steps {

		private final int[] values = new int[STEPS];

		private long newest;

		void add(long step, long value) {
			this.values[at(step)] += (int) Math.min(Integer.MAX_VALUE / 2, value);
		}

		void raise(long step, int value) {
			int at = at(step);
			this.values[at] = Math.max(this.values[at], value);
		}

		/** Moves on: what is a quarter of an hour old is forgotten. */
		private int at(long step) {
			long from = Math.max(this.newest + 1, step - STEPS + 1);
			for (long each = from; each <= step; each++) {
				this.values[(int) (each % STEPS)] = 0;
			}
			this.newest = Math.max(this.newest, step);
			return (int) (step % STEPS);
		}

		int[] until(long step) {
			at(step);
			int[] values = new int[STEPS];
			for (int i = 0; i < STEPS; i++) {
				values[i] = this.values[(int) ((step + 1 + i) % STEPS)];
			}
			return values;
		}

	}

}
