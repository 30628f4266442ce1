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
 * A method of a gRPC service. Once a call of it has stalled a worker the next ones start
 * beside the workers, but for a few that show whether it still does. Safe for use by many
 * threads.
 */
final class GrpcMethod {

	/** Of so many calls of a method that stalled, one tries a worker again. */
	static final int CALLS_PER_TRIAL = 64;

	private final String name;

	/** What strands are like that calls need, or {@code null} if they need none. */
	private volatile @Nullable StrandOptions slow;

	private final AtomicInteger calls = new AtomicInteger();

	/** Whether a call has stalled a worker since the last trial began. */
	private volatile boolean stalled;

	GrpcMethod(String name) {
		this.name = name;
	}

	Strand newStrand(TaskRuntime runtime, @Nullable String peer) {
		StrandOptions slow = this.slow;
		if (slow != null && this.calls.incrementAndGet() % CALLS_PER_TRIAL == 0) {
			this.slow = this.stalled ? slow : null;
			this.stalled = false;
			slow = null;
		}
		return newStrand(runtime, peer, slow);
	}

	private Strand newStrand(TaskRuntime runtime, @Nullable String peer, @Nullable StrandOptions options) {
		Strand strand = (options != null) ? runtime.newStrand(options) : runtime.newStrand();
		StrandInstrumentation.setContext(strand, new Call(this, peer, strand));
		return strand;
	}

	/**
	 * Learns that a strand has lost its worker.
	 */
	private void stalled(Strand strand) {
		this.stalled = true;
		this.slow = StrandOptions.DEFAULTS.slowLike(strand).route(this);
	}

	@Override
	public String toString() {
		return this.name;
	}

	/**
	 * What a strand works for.
	 */
	private record Call(GrpcMethod method, @Nullable String peer, Strand strand) implements ContinuedWork {

		/**
		 * Makes a strand for what the call goes on with, which is no part of the method.
		 */
		@Override
		public Strand newStrand(TaskRuntime runtime) {
			Strand strand = runtime.newStrand();
			StrandInstrumentation.setContext(strand, new Continuation(this));
			return strand;
		}

		@Override
		public void continueOn(Strand strand) {
			StrandInstrumentation.beginWork(strand, new Continuation(this), StrandOptions.DEFAULTS);
		}

		@Override
		public ContinuedWork lasting() {
			return new Continuation(this);
		}

		@Override
		public void stalled(Stall.Kind kind, boolean loading) {
			if (!loading) {
				this.method.stalled(this.strand);
			}
		}

		@Override
		public WorkDescription describe() {
			return new WorkDescription(this.peer, this.method.name, null);
		}

	}

	/**
	 * What a call goes on with: that it stalls says nothing of the method.
	 */
	private record Continuation(Call call) implements ContinuedWork {

		@Override
		public Strand newStrand(TaskRuntime runtime) {
			return this.call.newStrand(runtime);
		}

		@Override
		public void continueOn(Strand strand) {
			this.call.continueOn(strand);
		}

		@Override
		public ContinuedWork lasting() {
			return this;
		}

		@Override
		public WorkDescription describe() {
			return this.call.describe();
		}

	}

}
