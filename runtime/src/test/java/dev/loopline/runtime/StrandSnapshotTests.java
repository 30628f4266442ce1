package dev.loopline.runtime;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.loopline.runtime.internal.stall.RunningStall;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkContext;
import dev.loopline.runtime.stall.WorkDescription;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StrandSnapshot}, {@link StrandRegistry} and {@link StrandAccount}.
 */
class StrandSnapshotTests {

	private final StillRuntime still = new StillRuntime();

	private final TaskRuntime runtime = this.still.runtime;

	@Test
	void newStrandIsIdleAndUnnamed() {
		newListedStrand();
		this.still.ticker.advance(Duration.ofSeconds(2));
		StrandSnapshot strand = onlyStrand();
		assertThat(strand.kind()).isEqualTo(StrandKind.OTHER);
		assertThat(strand.name()).isEmpty();
		assertThat(strand.state()).isEqualTo(StrandSnapshot.State.IDLE);
		assertThat(strand.work()).isNull();
		assertThat(strand.age()).isEqualTo(Duration.ofSeconds(2));
		assertThat(strand.idle()).isEqualTo(Duration.ofSeconds(2));
		assertThat(strand.lastWorker()).isEqualTo(-1);
		assertThat(strand.stack()).isEmpty();
	}

	@Test
	void lifeIsSplitIntoBusyQueuedAndIdle() {
		Strand strand = newListedStrand();
		this.still.ticker.advance(Duration.ofMillis(100));
		strand.execute(() -> this.still.ticker.advance(Duration.ofMillis(20)));
		this.still.ticker.advance(Duration.ofMillis(50));
		assertThat(onlyStrand().state()).isEqualTo(StrandSnapshot.State.QUEUED);
		assertThat(onlyStrand().queued()).isEqualTo(Duration.ofMillis(50));
		runOnce();
		StrandSnapshot snapshot = onlyStrand();
		assertThat(snapshot.state()).isEqualTo(StrandSnapshot.State.IDLE);
		assertThat(snapshot.busy()).isEqualTo(Duration.ofMillis(20));
		assertThat(snapshot.queued()).isEqualTo(Duration.ofMillis(50));
		assertThat(snapshot.idle()).isEqualTo(Duration.ofMillis(100));
		assertThat(snapshot.longestPoll()).isEqualTo(Duration.ofMillis(20));
		assertThat(snapshot.polls()).isOne();
		assertThat(snapshot.lastWorker()).isZero();
	}

	@Test
	void slowStrandWaitsForTheLane() {
		Strand strand = newListedStrand();
		strand.setPace(Strand.Pace.BURNING);
		strand.execute(() -> {
		});
		assertThat(onlyStrand().state()).isEqualTo(StrandSnapshot.State.LANE);
	}

	@Test
	void movesBetweenWorkersAreCounted() {
		Strand strand = newListedStrand();
		for (int worker : new int[] { 0, 0, 1, 0 }) {
			strand.beginPoll(0, worker);
		}
		assertThat(strand.moves()).isEqualTo(2);
	}

	@Test
	void pollsThatEndWithWorkLeftAreRecentForAMinute() {
		Strand strand = newListedStrand();
		assertThat(onlyStrand().recentPolls()).isZero();
		for (int i = 0; i < 20; i++) {
			strand.beginPoll(this.still.ticker.nanos(), 0);
			strand.yielded(this.still.ticker.nanos());
			strand.beginPoll(this.still.ticker.nanos(), 0);
		}
		this.still.ticker.advance(Duration.ofSeconds(60));
		assertThat(onlyStrand().recentPolls()).isEqualTo(40);
		assertThat(onlyStrand().recentYields()).isEqualTo(20);
		this.still.ticker.advance(Duration.ofNanos(1));
		assertThat(onlyStrand().recentPolls()).isZero();
		assertThat(onlyStrand().recentYields()).isZero();
		strand.beginPoll(this.still.ticker.nanos(), 0);
		strand.yielded(this.still.ticker.nanos());
		assertThat(onlyStrand().recentPolls()).isOne();
		assertThat(onlyStrand().recentYields()).isOne();
		assertThat(onlyStrand().yields()).isEqualTo(21);
	}

	@Test
	void lastStallIsKnownForHowLongItIsOver() {
		Strand strand = newListedStrand();
		assertThat(onlyStrand().sinceStall()).isNull();
		assertThat(onlyStrand().isStalled()).isFalse();
		RunningStall stall = openStall(strand);
		assertThat(onlyStrand().isStalled()).isTrue();
		assertThat(onlyStrand().sinceStall()).isZero();
		stall.end(this.still.ticker.nanos());
		this.still.ticker.advance(Duration.ofSeconds(7));
		assertThat(onlyStrand().isStalled()).isFalse();
		assertThat(onlyStrand().sinceStall()).isEqualTo(Duration.ofSeconds(7));
	}

	@Test
	void stallOfWhatOnlyWatchesIsNone() {
		Strand strand = newListedStrand();
		strand.setContext(new WorkContext() {

			@Override
			public WorkDescription describe() {
				return WorkDescription.UNKNOWN;
			}

			@Override
			public boolean isBlameless() {
				return true;
			}

		});
		RunningStall stall = openStall(strand);
		assertThat(onlyStrand().isStalled()).isFalse();
		stall.end(this.still.ticker.nanos());
		strand.setContext(null);
		assertThat(onlyStrand().sinceStall()).isNull();
	}

	private RunningStall openStall(Strand strand) {
		long now = this.still.ticker.nanos();
		return this.runtime.scheduler()
			.stalls()
			.open(Stall.Kind.BLOCKING, Thread.currentThread(), strand.context(), strand::stalled, strand::isRunning,
					now, now);
	}

	@Test
	void runningStrandShowsItsStack() throws InterruptedException {
		Strand strand = newListedStrand();
		CountDownLatch running = new CountDownLatch(1);
		CountDownLatch gate = new CountDownLatch(1);
		strand.execute(() -> blockForTest(running, gate));
		Thread thread = new Thread(this::runOnce);
		thread.start();
		Await.open(running);
		this.still.ticker.advance(Duration.ofMillis(7));
		StrandSnapshot snapshot = onlyStrand();
		List<StackTraceElement> stack = snapshot.stack();
		gate.countDown();
		thread.join();
		assertThat(snapshot.state()).isEqualTo(StrandSnapshot.State.RUNNING);
		assertThat(snapshot.busy()).isEqualTo(Duration.ofMillis(7));
		assertThat(stack).extracting(StackTraceElement::getMethodName).contains("blockForTest");
		assertThat(snapshot.stack()).isEmpty();
	}

	@Test
	void labelIsAskedOnlyWhenNeeded() {
		newListedStrand().enlist(StrandKind.LISTENER, new Object() {

			@Override
			public String toString() {
				throw new IllegalStateException();
			}

		});
		assertThat(onlyStrand().kind()).isEqualTo(StrandKind.LISTENER);
	}

	@Test
	void hostileNameIsTamed() {
		newListedStrand().enlist(StrandKind.SCHEDULER, "<script>\n\r\u0000" + "x".repeat(1_000_000));
		assertThat(onlyStrand().name()).startsWith("<script>   x").hasSize(200);
	}

	@Test
	void delistedStrandIsGoneAndWorksOn() {
		Strand strand = newListedStrand();
		strand.enlist(StrandKind.CONNECTION, "one");
		strand.delist("another");
		assertThat(onlyStrand().name()).isEqualTo("one");
		strand.delist("one");
		strand.delist("one");
		assertThat(this.runtime.diagnostics().strands()).isEmpty();
		assertThat(this.runtime.diagnostics().snapshot().strands().live()).containsEntry(StrandKind.CONNECTION, 0L);
		strand.execute(() -> {
		});
		runOnce();
		assertThat(strand.polls()).isOne();
	}

	@Test
	void strandsAreCountedByKind() {
		Strand[] strands = IntStream.range(0, 100).mapToObj((i) -> newListedStrand()).toArray(Strand[]::new);
		IntStream.range(0, 40).forEach((i) -> strands[i].enlist(StrandKind.ACTOR, i));
		IntStream.range(0, 100).filter((i) -> i % 2 == 0).forEach((i) -> strands[i].delist((i < 40) ? i : null));
		assertThat(this.runtime.diagnostics().snapshot().strands().live()).containsEntry(StrandKind.OTHER, 30L)
			.containsEntry(StrandKind.SCHEDULER, 0L);
		assertThat(this.runtime.diagnostics().snapshot().strands().listed()).isEqualTo(140);
		assertThat(this.runtime.diagnostics().strands().map(StrandSnapshot::id)).hasSize(50).doesNotHaveDuplicates();
	}

	@Test
	void strandThatNobodyRefersToLeavesTheList() {
		IntStream.range(0, 1000).forEach((i) -> newListedStrand());
		assertThat(this.runtime.diagnostics().snapshot().strands().listed()).isEqualTo(1000);
		Await.until(() -> {
			System.gc();
			return this.runtime.diagnostics().snapshot().strands().live().get(StrandKind.OTHER) == 0;
		});
		assertThat(this.runtime.diagnostics().strands()).isEmpty();
	}

	private Strand newListedStrand() {
		Strand strand = this.still.newStrand();
		strand.enlist(StrandKind.OTHER, null);
		return strand;
	}

	private StrandSnapshot onlyStrand() {
		List<StrandSnapshot> strands = this.runtime.diagnostics().strands().toList();
		assertThat(strands).hasSize(1);
		return strands.get(0);
	}

	/**
	 * Does what a worker thread does with the oldest strand.
	 */
	private void runOnce() {
		Work work = this.still.dequeue();
		long start = this.still.ticker.nanos();
		work.beginPoll(start, 0);
		this.still.poll(work, 128);
		work.endPoll(this.still.ticker.nanos() - start);
	}

	private static void blockForTest(CountDownLatch running, CountDownLatch gate) {
		running.countDown();
		Await.open(gate);
	}

}
