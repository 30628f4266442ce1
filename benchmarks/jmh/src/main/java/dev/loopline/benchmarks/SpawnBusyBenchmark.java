package dev.loopline.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Tasks from outside while others keep the workers busy:
 * {@code java -jar benchmarks/jmh/target/jmh.jar SpawnBusyBenchmark}. Not on a
 * ForkJoinPool: its workers look outside only when they run out of tasks of their own, so
 * this would never end.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(2)
public class SpawnBusyBenchmark {

	@Param({ "RUNTIME", "REACTOR", "NETTY", "VIRTUAL" })
	Rival rival;

	private Subject subject;

	@Setup
	public void start() {
		this.subject = this.rival.start(Rival.THREADS);
	}

	@TearDown
	public void end() {
		this.subject.close();
	}

	@Benchmark
	public void spawnManyRemoteBusy1() throws InterruptedException {
		spawnBeside(8, 10_000);
	}

	@Benchmark
	public void spawnManyRemoteBusy2() throws InterruptedException {
		spawnBeside(4, 1_000);
	}

	private void spawnBeside(int busy, int tasks) throws InterruptedException {
		AtomicBoolean stop = new AtomicBoolean();
		CountDownLatch stopped = new CountDownLatch(busy);
		for (int i = 0; i < busy; i++) {
			keepBusy(stop, stopped);
		}
		RivalBenchmark.spawnRemote(this.subject, tasks);
		stop.set(true);
		stopped.await();
	}

	private void keepBusy(AtomicBoolean stop, CountDownLatch stopped) {
		this.subject.spawn(() -> {
			RivalBenchmark.stall();
			if (stop.get()) {
				stopped.countDown();
			}
			else {
				keepBusy(stop, stopped);
			}
		});
	}

}
