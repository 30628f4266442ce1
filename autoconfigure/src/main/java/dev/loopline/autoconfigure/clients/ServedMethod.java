package dev.loopline.autoconfigure.clients;

import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import dev.loopline.autoconfigure.reactor.ContinuedWork;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.StrandOptions;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkDescription;

/**
 * What a server does for many calls, as a method of a gRPC service or a route of RSocket.
 * Once a call of it has stalled a worker the next ones start beside the workers, but for
 * a few that show whether it still does. The same goes for what calls go on with, such as
 * callbacks of clients, by itself. Safe for use by many threads.
 */
final class ServedMethod {

	/** Of so many calls of a method that stalled, one tries a worker again. */
	static final int CALLS_PER_TRIAL = 64;

	private final String name;

	private final Experience calls = new Experience();

	private final Experience continuations = new Experience();

	ServedMethod(String name) {
		this.name = name;
	}

	/**
	 * Makes a strand for a call.
	 */
	Strand newStrand(TaskRuntime runtime, @Nullable String peer) {
		return newStrand(runtime, peer, this.calls);
	}

	/**
	 * Lets the calling strand, which has begun without knowing for what, go on with a
	 * call.
	 */
	void begin(Strand strand) {
		begin(strand, null, this.calls);
	}

	private Strand newStrand(TaskRuntime runtime, @Nullable String peer, Experience experience) {
		Strand strand = runtime.newStrand(experience.expected());
		StrandInstrumentation.setContext(strand, new Part(this, peer, strand, experience));
		return strand;
	}

	private void begin(Strand strand, @Nullable String peer, Experience experience) {
		StrandInstrumentation.beginWork(strand, new Part(this, peer, strand, experience), experience.expected());
	}

	@Override
	public String toString() {
		return this.name;
	}

	/**
	 * How strands went.
	 */
	private final class Experience {

		/** What strands are like that are needed, or {@code null} for any. */
		private volatile @Nullable StrandOptions slow;

		private final AtomicInteger strands = new AtomicInteger();

		/** Whether one has stalled a worker since the last trial began. */
		private volatile boolean stalled;

		/**
		 * Returns how the next one is expected to go.
		 */
		StrandOptions expected() {
			StrandOptions slow = this.slow;
			if (slow == null) {
				return StrandOptions.DEFAULTS;
			}
			if (this.strands.incrementAndGet() % CALLS_PER_TRIAL == 0) {
				this.slow = this.stalled ? slow : null;
				this.stalled = false;
				return StrandOptions.DEFAULTS;
			}
			return slow;
		}

		/**
		 * Learns that a strand has lost its worker.
		 */
		void stalled(Strand strand) {
			this.stalled = true;
			this.slow = StrandOptions.DEFAULTS.slowLike(strand).route(this);
		}

		@Override
		public String toString() {
			return ServedMethod.this.name;
		}

	}

	/**
	 * What a strand works for: a call, or what it goes on with, which says nothing of the
	 * method.
	 */
	private record Part(ServedMethod method, @Nullable String peer, Strand strand,
			Experience experience) implements ContinuedWork {

		@Override
		public Strand newStrand(TaskRuntime runtime) {
			return this.method.newStrand(runtime, this.peer, this.method.continuations);
		}

		@Override
		public void continueOn(Strand strand) {
			this.method.begin(strand, this.peer, this.method.continuations);
		}

		@Override
		public ContinuedWork lasting() {
			return this;
		}

		@Override
		public void stalled(Stall.Kind kind, boolean loading) {
			if (!loading) {
				this.experience.stalled(this.strand);
			}
		}

		@Override
		public WorkDescription describe() {
			return new WorkDescription(this.peer, this.method.name, null);
		}

	}

}
