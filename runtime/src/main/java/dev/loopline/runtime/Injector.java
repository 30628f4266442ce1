package dev.loopline.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The global queue: what was scheduled from outside the workers or overflowed. Many
 * producers, many consumers.
 */
final class Injector extends InjectorFields implements RunQueue.Overflow {

	/*-
	 * Producers put strands, and batches that a run queue had no room for, onto a stack by one CAS; they are linked
	 * through themselves. Consumers never take one from it but all at once, in the order in which they came:
	 * so a strand that is back on top by the time of a CAS does no harm. What the consumer does not take for
	 * itself is a batch that it opens: it goes onto a stack of batches, from which consumers claim ranges by
	 * adding to a cursor, before they look at what came later. Whoever sees a batch used up removes it.
	 *
	 * While a batch is about to be opened, others find nothing and may go to sleep. So whoever opened one
	 * calls back, to have a sleeper woken.
	 */

	/** More than that are not listed: a bound for a walk along links that change. */
	private static final int MAX_LISTED = 1_000_000;

	private static final VarHandle NEWEST;

	private static final VarHandle OPEN;

	static {
		try {
			MethodHandles.Lookup lookup = MethodHandles.lookup();
			NEWEST = lookup.findVarHandle(InjectorFields.class, "newest", Injected.class);
			OPEN = lookup.findVarHandle(InjectorFields.class, "open", Batch.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/** What follows may be another thread's; see {@link Padding}. */
	@SuppressWarnings("unused")
	private long q0, q1, q2, q3, q4, q5, q6, q7, q8, q9, q10, q11, q12, q13, q14, q15;

	private final Runnable opened;

	/**
	 * Creates an injector for which nobody sleeps.
	 */
	Injector() {
		this(() -> {
		});
	}

	/**
	 * Creates an injector.
	 * @param opened called when there are strands that others may just have looked for in
	 * vain
	 */
	Injector(Runnable opened) {
		this.opened = opened;
	}

	void push(Schedulable strand) {
		push(strand, 1);
	}

	@Override
	public void accept(Schedulable strand) {
		push(strand, 1);
	}

	@Override
	public void acceptAll(Schedulable[] strands) {
		push(new Batch(strands), strands.length);
	}

	private void push(Injected entry, int strands) {
		Injected top;
		do {
			top = this.newest;
			entry.below = top;
			entry.depth = ((top != null) ? top.depth : 0) + strands;
		}
		while (!NEWEST.compareAndSet(this, top, entry));
	}

	/**
	 * Removes the oldest strand.
	 */
	@Nullable Schedulable pop() {
		return popAtMost(1, null);
	}

	/**
	 * Removes several strands.
	 * @param count how many at most
	 * @param rest gets all but the first
	 * @return the first
	 */
	@Nullable Schedulable pop(int count, LocalQueue rest) {
		return popAtMost(count, rest);
	}

	private @Nullable Schedulable popAtMost(int count, @Nullable LocalQueue rest) {
		Batch batch;
		while ((batch = this.open) != null) {
			Schedulable first = batch.take(count, rest);
			if (batch.isUsedUp()) {
				OPEN.compareAndSet(this, batch, batch.next);
			}
			if (first != null) {
				return first;
			}
		}
		return popNew(count, rest);
	}

	private @Nullable Schedulable popNew(int count, @Nullable LocalQueue rest) {
		Injected top = (this.newest != null) ? (Injected) NEWEST.getAndSet(this, null) : null;
		if (top == null || top.below == null && top instanceof Schedulable) {
			return (Schedulable) top;
		}
		Batch batch = Batch.of(top);
		Schedulable first = batch.take(count, rest);
		if (!batch.isUsedUp()) {
			do {
				batch.next = this.open;
			}
			while (!OPEN.compareAndSet(this, batch.next, batch));
			this.opened.run();
		}
		return first;
	}

	/**
	 * Calls back for what is queued, to which the queue may look a little wrong.
	 */
	void forEach(Consumer<Schedulable> action) {
		for (Batch batch = this.open; batch != null; batch = batch.next) {
			batch.forEach(action);
		}
		List<Injected> latest = new ArrayList<>();
		for (Injected entry = this.newest; entry != null && latest.size() < MAX_LISTED; entry = entry.below) {
			latest.add(entry); // it may be on its way back to the top, again and again
		}
		for (int i = latest.size() - 1; i >= 0; i--) {
			if (latest.get(i) instanceof Batch batch) {
				batch.forEach(action);
			}
			else {
				action.accept((Schedulable) latest.get(i));
			}
		}
	}

	/**
	 * Returns the number of strands, roughly while others push and pop.
	 */
	int size() {
		Injected top = this.newest;
		int size = (top != null) ? top.depth : 0;
		for (Batch batch = this.open; batch != null; batch = batch.next) {
			size += batch.size();
		}
		return size;
	}

	boolean isEmpty() {
		return this.newest == null && this.open == null;
	}

	/**
	 * Several strands, in order.
	 */
	static final class Batch extends Injected {

		private final @Nullable Schedulable[] strands;

		/** What is taken next. */
		private final AtomicInteger cursor = new AtomicInteger();

		/** The batch that was opened before. Written before this is opened. */
		private @Nullable Batch next;

		Batch(@Nullable Schedulable[] strands) {
			this.strands = strands;
		}

		/**
		 * Makes one batch of entries that nobody else has.
		 */
		static Batch of(Injected newest) {
			if (newest.below == null && newest instanceof Batch batch) {
				return batch;
			}
			int count = 0;
			for (Injected entry = newest; entry != null; entry = entry.below) {
				count += (entry instanceof Batch batch) ? batch.strands.length : 1;
			}
			@Nullable Schedulable[] strands = new Schedulable[count];
			Injected entry = newest;
			while (entry != null) {
				if (entry instanceof Batch batch) {
					count -= batch.strands.length;
					System.arraycopy(batch.strands, 0, strands, count, batch.strands.length);
				}
				else {
					strands[--count] = (Schedulable) entry;
				}
				Injected older = entry.below;
				entry.below = null;
				entry = older;
			}
			return new Batch(strands);
		}

		@Nullable Schedulable take(int count, @Nullable LocalQueue rest) {
			if (isUsedUp()) {
				return null;
			}
			int start = this.cursor.getAndAdd(count);
			if (start >= this.strands.length) {
				return null;
			}
			Schedulable first = this.strands[start];
			int end = Math.min(start + count, this.strands.length);
			for (int i = start + 1; i < end && rest != null; i++) {
				rest.push(Objects.requireNonNull(this.strands[i]));
			}
			// A long batch outlives its first tasks
			Arrays.fill(this.strands, start, end, null);
			return first;
		}

		int size() {
			return Math.max(0, this.strands.length - this.cursor.get());
		}

		boolean isUsedUp() {
			return size() == 0;
		}

		void forEach(Consumer<Schedulable> action) {
			for (int i = this.cursor.get(); i < this.strands.length; i++) {
				Schedulable strand = this.strands[i];
				if (strand != null) {
					action.accept(strand);
				}
			}
		}

	}

}
