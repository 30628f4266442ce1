package dev.loopline.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

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
 * Blocking jobs from many tasks at once, in batches.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(2)
public class SpawnBlockingBenchmark {

	private static final int BATCHES = 100;

	private static final int JOBS = 16;

	@Param({ "1", "8", "32" })
	int tasks;

	private RuntimeSubject subject;

	@Setup
	public void start() {
		this.subject = new RuntimeSubject(Rival.THREADS);
	}

	@TearDown
	public void end() {
		this.subject.close();
	}

	@Benchmark
	public void spawnBlocking() throws InterruptedException {
		CountDownLatch done = new CountDownLatch(this.tasks * BATCHES * JOBS);
		for (int task = 0; task < this.tasks; task++) {
			this.subject.runtime.spawn(() -> {
				for (int job = 0; job < BATCHES * JOBS; job++) {
					this.subject.runtime.spawnBlocking(() -> {
						done.countDown();
						return null;
					});
				}
				return null;
			});
		}
		done.await();
	}

}
