package dev.loopline.runtime.internal.queue;

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
 *
 * @param <E> the type of the items
 */
public final class Injector<E extends Injected> extends InjectorFields implements RunQueue.Overflow<E> {

	/*-
	 * Producers put items, and batches that a run queue had no room for, onto a stack by one CAS; they are linked
	 * through themselves. Consumers never take one from it but all at once, in the order in which they came:
	 * so an item that is back on top by the time of a CAS does no harm. What the consumer does not take for
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
	public Injector() {
		this(() -> {
		});
	}

	/**
	 * Creates an injector.
	 * @param opened called when there are items that others may just have looked for in
	 * vain
	 */
	public Injector(Runnable opened) {
		this.opened = opened;
	}

	public void push(E item) {
		push(item, 1);
	}

	@Override
	public void accept(E item) {
		push(item, 1);
	}

	@Override
	public void acceptAll(E[] items) {
		push(new Batch<>(items), items.length);
	}

	private void push(Injected entry, int items) {
		Injected top;
		do {
			top = this.newest;
			entry.below = top;
			entry.depth = ((top != null) ? top.depth : 0) + items;
		}
		while (!NEWEST.compareAndSet(this, top, entry));
	}

	/**
	 * Removes the oldest item.
	 */
	public @Nullable E pop() {
		return popAtMost(1, null);
	}

	/**
	 * Removes several items.
	 * @param count how many at most
	 * @param rest gets all but the first
	 * @return the first
	 */
	public @Nullable E pop(int count, Consumer<? super E> rest) {
		return popAtMost(count, rest);
	}

	private @Nullable E popAtMost(int count, @Nullable Consumer<? super E> rest) {
		Batch<E> batch;
		while ((batch = opened()) != null) {
			E first = batch.take(count, rest);
			if (batch.isUsedUp()) {
				OPEN.compareAndSet(this, batch, batch.next);
			}
			if (first != null) {
				return first;
			}
		}
		return popNew(count, rest);
	}

	@SuppressWarnings("unchecked") // what is no batch was pushed as an E
	private @Nullable E popNew(int count, @Nullable Consumer<? super E> rest) {
		Injected top = (this.newest != null) ? (Injected) NEWEST.getAndSet(this, null) : null;
		if (top == null || top.below == null && !(top instanceof Batch)) {
			return (E) top;
		}
		Batch<E> batch = Batch.of(top);
		E first = batch.take(count, rest);
		if (!batch.isUsedUp()) {
			do {
				batch.next = opened();
			}
			while (!OPEN.compareAndSet(this, batch.next, batch));
			this.opened.run();
		}
		return first;
	}

	/**
	 * Calls back for what is queued, to which the queue may look a little wrong.
	 */
	@SuppressWarnings("unchecked") // what is no batch was pushed as an E
	public void forEach(Consumer<? super E> action) {
		for (Batch<E> batch = opened(); batch != null; batch = batch.next) {
			batch.forEach(action);
		}
		List<Injected> latest = new ArrayList<>();
		for (Injected entry = this.newest; entry != null && latest.size() < MAX_LISTED; entry = entry.below) {
			latest.add(entry); // it may be on its way back to the top, again and again
		}
		for (int i = latest.size() - 1; i >= 0; i--) {
			if (latest.get(i) instanceof Batch<?> batch) {
				((Batch<E>) batch).forEach(action);
			}
			else {
				action.accept((E) latest.get(i));
			}
		}
	}

	/**
	 * Returns the number of items, roughly while others push and pop.
	 */
	public int size() {
		Injected top = this.newest;
		int size = (top != null) ? top.depth : 0;
		for (Batch<E> batch = opened(); batch != null; batch = batch.next) {
			size += batch.size();
		}
		return size;
	}

	public boolean isEmpty() {
		return this.newest == null && this.open == null;
	}

	@SuppressWarnings("unchecked") // only E are pushed
	private @Nullable Batch<E> opened() {
		return (Batch<E>) this.open;
	}

	/**
	 * Several items, in order.
	 */
	static final class Batch<E extends Injected> extends Injected {

		private final @Nullable E[] items;

		/** What is taken next. */
		private final AtomicInteger cursor = new AtomicInteger();

		/** The batch that was opened before. Written before this is opened. */
		private @Nullable Batch<E> next;

		Batch(@Nullable E[] items) {
			this.items = items;
		}

		/**
		 * Makes one batch of entries that nobody else has.
		 */
		@SuppressWarnings("unchecked") // only E are pushed
		static <E extends Injected> Batch<E> of(Injected newest) {
			if (newest.below == null && newest instanceof Batch<?> batch) {
				return (Batch<E>) batch;
			}
			int count = 0;
			for (Injected entry = newest; entry != null; entry = entry.below) {
				count += (entry instanceof Batch<?> batch) ? batch.items.length : 1;
			}
			@Nullable E[] items = (E[]) new Injected[count];
			Injected entry = newest;
			while (entry != null) {
				if (entry instanceof Batch<?> batch) {
					count -= batch.items.length;
					System.arraycopy(batch.items, 0, items, count, batch.items.length);
				}
				else {
					items[--count] = (E) entry;
				}
				Injected older = entry.below;
				entry.below = null;
				entry = older;
			}
			return new Batch<>(items);
		}

		@Nullable E take(int count, @Nullable Consumer<? super E> rest) {
			if (isUsedUp()) {
				return null;
			}
			int start = this.cursor.getAndAdd(count);
			if (start >= this.items.length) {
				return null;
			}
			E first = this.items[start];
			int end = Math.min(start + count, this.items.length);
			for (int i = start + 1; i < end && rest != null; i++) {
				rest.accept(Objects.requireNonNull(this.items[i]));
			}
			// A long batch outlives its first tasks
			Arrays.fill(this.items, start, end, null);
			return first;
		}

		int size() {
			return Math.max(0, this.items.length - this.cursor.get());
		}

		boolean isUsedUp() {
			return size() == 0;
		}

		void forEach(Consumer<? super E> action) {
			for (int i = this.cursor.get(); i < this.items.length; i++) {
				E item = this.items[i];
				if (item != null) {
					action.accept(item);
				}
			}
		}

	}

}
