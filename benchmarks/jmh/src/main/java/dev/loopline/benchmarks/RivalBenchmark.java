package dev.loopline.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

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
 * Times one shape on each rival.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(2)
public abstract class RivalBenchmark {

	@Param
	Rival rival;

	Subject subject;

	@Setup
	public void start() {
		this.subject = this.rival.start(Rival.THREADS);
	}

	@TearDown
	public void end() {
		this.subject.close();
	}

	/**
	 * Spawns tasks from outside and waits for them.
	 */
	static void spawnRemote(Subject subject, int tasks) throws InterruptedException {
		CountDownLatch done = new CountDownLatch(1);
		AtomicInteger left = new AtomicInteger(tasks);
		for (int i = 0; i < tasks; i++) {
			subject.spawn(() -> {
				if (left.decrementAndGet() == 0) {
					done.countDown();
				}
			});
		}
		done.await();
	}

	/**
	 * Spins for a while, as a handler that computes.
	 */
	static void stall() {
		long end = System.nanoTime() + 10_000;
		while (System.nanoTime() < end) {
			Thread.onSpinWait();
		}
	}

}
