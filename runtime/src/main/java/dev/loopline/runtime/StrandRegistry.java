package dev.loopline.runtime;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.support.SpinLock;

/**
 * The strands that are alive. Safe for use by many threads.
 */
final class StrandRegistry {

	/*-
	 * A strand need not be closed, so it is listed by a weak reference and leaves when it is delisted or
	 * collected. The list is in shards, one per home worker, each an array under a lock of its own that is
	 * held for a few instructions, or for the copy of the array when somebody looks: walking it needs no lock.
	 * An entry refers to nothing that may refer to its strand, and costs about 60 bytes.
	 */

	private static final Entry[] EMPTY = {};

	private final Shard[] shards;

	private final ReferenceQueue<Strand> collected = new ReferenceQueue<>();

	StrandRegistry(int workers) {
		this.shards = new Shard[workers];
		Arrays.setAll(this.shards, (i) -> new Shard(i, workers));
	}

	/**
	 * Lists a strand, in place of what was known of it before.
	 */
	void enlist(Strand strand, StrandKind kind, @Nullable Object label, long now) {
		dropCollected();
		Shard shard = this.shards[strand.home().index];
		Entry entry = new Entry(strand, this.collected, shard, kind, now);
		shard.lock.lock();
		try {
			Entry old = strand.listAs(entry, label);
			if (old != null) {
				shard.remove(old);
			}
			shard.add(entry);
		}
		finally {
			shard.lock.unlock();
		}
	}

	/**
	 * Takes a strand off the list if it is called by the given label.
	 */
	void delist(Strand strand, @Nullable Object label) {
		Shard shard = this.shards[strand.home().index];
		shard.lock.lock();
		try {
			Entry old = (strand.label() == label) ? strand.listAs(null, null) : null;
			if (old != null) {
				shard.remove(old);
			}
		}
		finally {
			shard.lock.unlock();
		}
	}

	private void dropCollected() {
		Entry entry;
		while ((entry = (Entry) this.collected.poll()) != null) {
			entry.shard.drop(entry);
		}
	}

	/**
	 * Returns the strands that are listed now.
	 */
	Stream<Entry> entries() {
		return Arrays.stream(this.shards).flatMap((shard) -> Arrays.stream(shard.copy()));
	}

	/**
	 * Returns how many strands there are of each kind.
	 */
	Map<StrandKind, Long> counts() {
		dropCollected();
		Map<StrandKind, Long> counts = new EnumMap<>(StrandKind.class);
		for (StrandKind kind : StrandKind.values()) {
			long count = 0;
			for (Shard shard : this.shards) {
				count += shard.count(kind);
			}
			counts.put(kind, count);
		}
		return counts;
	}

	/**
	 * Returns how many strands were ever listed.
	 */
	long listed() {
		return Arrays.stream(this.shards).mapToLong(Shard::added).sum();
	}

	/**
	 * A strand in the list.
	 */
	static final class Entry extends WeakReference<Strand> {

		final StrandKind kind;

		final long sinceNanos;

		private final Shard shard;

		@GuardedBy("shard.lock")
		private int index;

		/** Written once, under the lock of the shard, before anybody sees this entry. */
		private long id;

		private Entry(Strand strand, ReferenceQueue<Strand> collected, Shard shard, StrandKind kind, long sinceNanos) {
			super(strand, collected);
			this.shard = shard;
			this.kind = kind;
			this.sinceNanos = sinceNanos;
		}

		long id() {
			return this.id;
		}

	}

	/**
	 * A part of the list.
	 */
	private static final class Shard {

		private static final int GONE = -1;

		/** Virtual threads take it, too. */
		private final SpinLock lock = new SpinLock();

		private final int number;

		private final int shards;

		@GuardedBy("lock")
		private final long[] counts = new long[StrandKind.values().length];

		@GuardedBy("lock")
		private Entry[] entries = EMPTY;

		@GuardedBy("lock")
		private int size;

		@GuardedBy("lock")
		private long added;

		Shard(int number, int shards) {
			this.number = number;
			this.shards = shards;
		}

		@SuppressWarnings("GuardedBy") // the entry is of this shard
		@GuardedBy("lock")
		void add(Entry entry) {
			if (this.size == this.entries.length) {
				this.entries = Arrays.copyOf(this.entries, Math.max(8, this.size * 2));
			}
			entry.id = this.added * this.shards + this.number + 1;
			entry.index = this.size;
			this.entries[this.size++] = entry;
			this.counts[entry.kind.ordinal()]++;
			this.added++;
		}

		// The entries are of this shard, and what is beyond the size is never read
		@SuppressWarnings({ "GuardedBy", "NullAway" })
		@GuardedBy("lock")
		void remove(Entry entry) {
			if (entry.index == GONE) {
				return;
			}
			Entry last = this.entries[--this.size];
			this.entries[this.size] = null;
			if (last != entry) {
				this.entries[entry.index] = last;
				last.index = entry.index;
			}
			entry.index = GONE;
			this.counts[entry.kind.ordinal()]--;
			if (this.size < this.entries.length / 4) {
				this.entries = Arrays.copyOf(this.entries, this.entries.length / 2);
			}
		}

		void drop(Entry entry) {
			this.lock.lock();
			try {
				remove(entry);
			}
			finally {
				this.lock.unlock();
			}
		}

		Entry[] copy() {
			this.lock.lock();
			try {
				return Arrays.copyOf(this.entries, this.size);
			}
			finally {
				this.lock.unlock();
			}
		}

		long count(StrandKind kind) {
			this.lock.lock();
			try {
				return this.counts[kind.ordinal()];
			}
			finally {
				this.lock.unlock();
			}
		}

		long added() {
			this.lock.lock();
			try {
				return this.added;
			}
			finally {
				this.lock.unlock();
			}
		}

	}

}
