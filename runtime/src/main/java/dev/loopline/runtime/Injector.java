package dev.loopline.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The global queue: what was scheduled from outside the workers or overflowed. Many
 * producers, many consumers.
 */
final class Injector implements RunQueue.Overflow {

	/*-
	 * Entries are single strands and tasks, or whole batches that a run queue had no room for. A batch
	 * that was removed is opened: it goes onto a stack, from which consumers claim its elements, before they
	 * look into the queue, by adding to its cursor. Whoever sees the top used up removes it. So an overflow
	 * costs one entry and keeps its place in the order. While a consumer is about to open a batch others may
	 * find nothing, but the size tells them not to sleep.
	 */

	private static final VarHandle OPEN;

	static {
		try {
			OPEN = MethodHandles.lookup().findVarHandle(Injector.class, "open", Batch.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private final ConcurrentLinkedQueue<Object> queue = new ConcurrentLinkedQueue<>();

	/** Kept beside the queue, whose own size is a walk. */
	private final AtomicInteger size = new AtomicInteger();

	/** The top of the stack of batches. */
	@SuppressWarnings("unused")
	private volatile @Nullable Batch open;

	void push(Schedulable strand) {
		this.size.incrementAndGet();
		this.queue.add(strand);
	}

	@Override
	public void accept(Schedulable strand) {
		push(strand);
	}

	@Override
	public void acceptAll(Schedulable[] strands) {
		this.size.addAndGet(strands.length);
		this.queue.add(new Batch(strands));
	}

	@Nullable Schedulable pop() {
		if (isEmpty()) {
			return null;
		}
		Schedulable strand = take();
		if (strand != null) {
			this.size.decrementAndGet();
		}
		return strand;
	}

	/**
	 * Removes several strands.
	 * @param count how many at most
	 * @param rest gets all but the first
	 * @return the first
	 */
	@Nullable Schedulable pop(int count, LocalQueue rest) {
		Schedulable first = take();
		if (first == null) {
			return null;
		}
		int taken = 1;
		Schedulable strand;
		while (taken < count && (strand = take()) != null) {
			rest.push(strand);
			taken++;
		}
		this.size.addAndGet(-taken);
		return first;
	}

	private @Nullable Schedulable take() {
		Batch batch;
		while ((batch = this.open) != null) {
			Schedulable strand = batch.take();
			if (batch.isUsedUp()) {
				OPEN.compareAndSet(this, batch, batch.below);
			}
			if (strand != null) {
				return strand;
			}
		}
		Object entry = this.queue.poll();
		if (!(entry instanceof Batch closed)) {
			return (Schedulable) entry;
		}
		Schedulable strand = closed.take();
		do {
			closed.below = this.open;
		}
		while (!OPEN.compareAndSet(this, closed.below, closed));
		return strand;
	}

	void forEach(Consumer<Schedulable> action) {
		for (Batch batch = this.open; batch != null; batch = batch.below) {
			batch.forEach(action);
		}
		for (Object entry : this.queue) {
			if (entry instanceof Batch batch) {
				batch.forEach(action);
			}
			else {
				action.accept((Schedulable) entry);
			}
		}
	}

	/**
	 * Returns the number of strands, an upper bound while a push or pop is under way.
	 */
	int size() {
		return this.size.get();
	}

	boolean isEmpty() {
		return this.size.get() == 0;
	}

	/**
	 * Several strands, in order.
	 */
	private static final class Batch {

		private final Schedulable[] strands;

		private final AtomicInteger next = new AtomicInteger();

		/** Written before the batch is opened. */
		private @Nullable Batch below;

		Batch(Schedulable[] strands) {
			this.strands = strands;
		}

		@Nullable Schedulable take() {
			if (isUsedUp()) {
				return null;
			}
			int index = this.next.getAndIncrement();
			return (index < this.strands.length) ? this.strands[index] : null;
		}

		boolean isUsedUp() {
			return this.next.get() >= this.strands.length;
		}

		void forEach(Consumer<Schedulable> action) {
			for (int i = this.next.get(); i < this.strands.length; i++) {
				action.accept(this.strands[i]);
			}
		}

	}

}
