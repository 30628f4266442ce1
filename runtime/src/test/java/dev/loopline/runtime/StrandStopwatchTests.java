package dev.loopline.runtime;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import dev.loopline.runtime.internal.stall.RunningStall;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkDescription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link StrandStopwatch} and {@link StrandUsage}.
 */
class StrandStopwatchTests {

	private static final StackTraceElement CULPRIT = new StackTraceElement("com.example.Home", "work", "Home.java", 7);

	private final StillRuntime still = new StillRuntime();

	private final AtomicReference<StrandStopwatch> stopwatch = new AtomicReference<>();

	private final AtomicReference<StrandUsage> usage = new AtomicReference<>();

	@Test
	void requestIsSplitIntoRunningQueuedAndIdle() {
		Strand strand = this.still.newStrand();
		strand.execute(() -> {
			pass(3);
			this.stopwatch.set(strand.measure());
			pass(15);
		});
		pass(20);
		runOnce(0);
		pass(100);
		strand.execute(() -> {
			pass(5);
			this.usage.set(this.stopwatch.get().stop());
			pass(7);
		});
		pass(30);
		runOnce(1);
		assertThat(this.usage.get()).isEqualTo(usage(20, 50, 100, 20, 2, 1));
		assertThat(this.usage.get().total()).isEqualTo(Duration.ofMillis(170));
	}

	@Test
	void requestWithinOnePollOnlyRuns() {
		Strand strand = this.still.newStrand();
		strand.execute(() -> {
			pass(3);
			this.stopwatch.set(strand.measure());
			pass(15);
			this.usage.set(this.stopwatch.get().stop());
		});
		runOnce(0);
		assertThat(this.usage.get()).isEqualTo(usage(15, 0, 0, 0, 1, 0));
	}

	@Test
	void anotherThreadMayStopWhileTheStrandIsIdleOrQueued() {
		Strand strand = this.still.newStrand();
		strand.execute(() -> this.stopwatch.set(strand.measure()));
		runOnce(0);
		pass(100);
		assertThat(this.stopwatch.get().stop()).isEqualTo(usage(0, 0, 100, 0, 1, 0));
		strand.execute(() -> {
		});
		pass(50);
		assertThat(this.stopwatch.get().stop()).isEqualTo(usage(0, 50, 100, 0, 1, 0));
	}

	@Test
	void strandThatGoesOnWithWorkOfAnotherHasWaitedWithIt() {
		Strand connection = this.still.newStrand();
		Strand stream = this.still.newStrand();
		connection.execute(() -> {
			StrandInstrumentation.continueFrom(stream, connection);
			stream.execute(() -> {
				this.stopwatch.set(stream.measure());
				this.usage.set(this.stopwatch.get().stop());
			});
		});
		pass(20);
		runOnce(0);
		pass(30);
		runOnce(0);
		assertThat(this.usage.get()).isEqualTo(usage(0, 50, 0, 50, 1, 0));
		stream.execute(() -> this.usage.set(stream.measure().stop()));
		pass(10);
		runOnce(0);
		assertThat(this.usage.get()).isEqualTo(usage(0, 10, 0, 10, 1, 0));
	}

	@Test
	void yieldsAndHandoffsAreCounted() {
		Strand strand = this.still.newStrand();
		strand.execute(() -> {
			this.stopwatch.set(strand.measure());
			strand.lostWorker(Strand.Pace.BLOCKING);
			strand.yielded(this.still.ticker.nanos());
			StrandUsage usage = this.stopwatch.get().stop();
			assertThat(usage.handoffs()).isOne();
			assertThat(usage.yields()).isOne();
			this.usage.set(usage);
		});
		runOnce(0);
		assertThat(this.usage.get()).isNotNull();
	}

	@Test
	void stallsOfTheStrandBelongToTheMeasurement() {
		Strand strand = this.still.newStrand();
		openStall(strand);
		strand.execute(() -> {
			this.stopwatch.set(strand.measure());
			RunningStall ended = openStall(strand);
			sample(ended);
			pass(8);
			ended.end(this.still.ticker.nanos());
			sample(openStall(strand));
			openStall(this.still.newStrand());
			pass(5);
			this.usage.set(this.stopwatch.get().stop());
		});
		runOnce(0);
		assertThat(this.usage.get().stalls()).hasSize(2);
		Stall ended = this.usage.get().stalls().get(0);
		assertThat(ended.culprit()).isEqualTo(CULPRIT);
		assertThat(ended.duration()).isEqualTo(Duration.ofMillis(8));
		assertThat(ended.running()).isFalse();
		Stall running = this.usage.get().stalls().get(1);
		assertThat(running.culprit()).isEqualTo(CULPRIT);
		assertThat(running.duration()).isEqualTo(Duration.ofMillis(5));
		assertThat(running.running()).isTrue();
		openStall(strand);
		assertThat(this.stopwatch.get().stop().stalls()).hasSize(2);
	}

	@Test
	void stallWithoutAStackHasNoCulprit() {
		Strand strand = this.still.newStrand();
		strand.setContext(() -> new WorkDescription(null, "GET /", null));
		sample(openStall(strand));
		strand.execute(() -> {
			this.stopwatch.set(strand.measure());
			openStall(strand);
			this.usage.set(this.stopwatch.get().stop());
		});
		runOnce(0);
		assertThat(this.usage.get().stalls()).singleElement().returns(null, Stall::culprit);
	}

	@Test
	void onlySoManyStallsAreRemembered() {
		Strand strand = this.still.newStrand();
		strand.execute(() -> {
			this.stopwatch.set(strand.measure());
			for (int i = 0; i < 100; i++) {
				openStall(strand);
			}
		});
		runOnce(0);
		assertThat(this.stopwatch.get().stop().stalls()).hasSize(16);
	}

	@Test
	void onlyTheStrandItselfStarts() {
		assertThatIllegalStateException().isThrownBy(this.still.newStrand()::measure);
	}

	private static StrandUsage usage(int running, int queued, int idle, int before, int polls, int moves) {
		return new StrandUsage(Duration.ofMillis(running), Duration.ofMillis(queued), Duration.ofMillis(idle),
				Duration.ofMillis(before), polls, moves, 0, 0, List.of());
	}

	private RunningStall openStall(Strand strand) {
		long now = this.still.ticker.nanos();
		return this.still.runtime.scheduler()
			.stalls()
			.open(Stall.Kind.BLOCKING, Thread.currentThread(), strand.context(), strand::stalled, () -> true, now, now);
	}

	private void sample(RunningStall stall) {
		this.still.runtime.scheduler().stalls().sampled(stall, stall.describe(), new StackTraceElement[] { CULPRIT });
	}

	private void pass(long millis) {
		this.still.ticker.advance(Duration.ofMillis(millis));
	}

	/**
	 * Does what a worker thread does with the oldest strand.
	 */
	private void runOnce(int worker) {
		Work work = this.still.dequeue();
		long start = this.still.ticker.nanos();
		work.beginPoll(start, worker);
		this.still.poll(work, 128);
		work.endPoll(this.still.ticker.nanos() - start);
	}

}
