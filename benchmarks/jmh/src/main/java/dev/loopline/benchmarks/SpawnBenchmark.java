package dev.loopline.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jmh.annotations.Benchmark;

/**
 * Many tasks from inside and outside, on idle workers:
 * {@code java -jar benchmarks/jmh/target/jmh.jar SpawnBenchmark}.
 */
public class SpawnBenchmark extends RivalBenchmark {

	private static final int MANY = 10_000;

	private static final int SOME = 1_000;

	private static final int FEW = 100;

	@Benchmark
	public void spawnManyLocal() throws InterruptedException {
		CountDownLatch done = new CountDownLatch(1);
		AtomicInteger left = new AtomicInteger(MANY);
		this.subject.spawn(() -> {
			for (int i = 0; i < MANY; i++) {
				this.subject.spawn(() -> {
					if (left.decrementAndGet() == 0) {
						done.countDown();
					}
				});
			}
		});
		done.await();
	}

	@Benchmark
	public void spawnManyRemoteIdle() throws InterruptedException {
		spawnRemote(this.subject, MANY);
	}

	@Benchmark
	public void chainedSpawn() throws InterruptedException {
		spawnChain(SOME);
	}

	/**
	 * Mostly the way there and back, where the long one is mostly links.
	 */
	@Benchmark
	public void chainedSpawnShort() throws InterruptedException {
		spawnChain(FEW);
	}

	@Benchmark
	public void chainedSpawnLong() throws InterruptedException {
		spawnChain(MANY);
	}

	private void spawnChain(int links) throws InterruptedException {
		CountDownLatch done = new CountDownLatch(1);
		this.subject.spawn(() -> chain(links, done));
		done.await();
	}

	private void chain(int left, CountDownLatch done) {
		if (left == 0) {
			done.countDown();
		}
		else {
			this.subject.spawn(() -> chain(left - 1, done));
		}
	}

}
