package dev.loopline.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jmh.annotations.Benchmark;

/**
 * Many tasks from inside and outside, on idle and busy workers:
 * {@code java -jar benchmarks/jmh/target/jmh.jar SpawnBenchmark}.
 */
public class SpawnBenchmark extends RivalBenchmark {

	private static final int MANY = 10_000;

	private static final int SOME = 1_000;

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
		spawnRemote(MANY);
	}

	@Benchmark
	public void spawnManyRemoteBusy1() throws InterruptedException {
		AtomicBoolean stop = new AtomicBoolean();
		CountDownLatch stopped = new CountDownLatch(8);
		for (int i = 0; i < 8; i++) {
			keepBusy(stop, stopped);
		}
		spawnRemote(MANY);
		stop.set(true);
		stopped.await();
	}

	@Benchmark
	public void spawnManyRemoteBusy2() throws InterruptedException {
		AtomicBoolean stop = new AtomicBoolean();
		CountDownLatch stopped = new CountDownLatch(4);
		for (int i = 0; i < 4; i++) {
			keepBusy(stop, stopped);
		}
		spawnRemote(SOME);
		stop.set(true);
		stopped.await();
	}

	@Benchmark
	public void chainedSpawn() throws InterruptedException {
		CountDownLatch done = new CountDownLatch(1);
		this.subject.spawn(() -> chain(SOME, done));
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

	private void spawnRemote(int tasks) throws InterruptedException {
		CountDownLatch done = new CountDownLatch(1);
		AtomicInteger left = new AtomicInteger(tasks);
		for (int i = 0; i < tasks; i++) {
			this.subject.spawn(() -> {
				if (left.decrementAndGet() == 0) {
					done.countDown();
				}
			});
		}
		done.await();
	}

	private void keepBusy(AtomicBoolean stop, CountDownLatch stopped) {
		this.subject.spawn(() -> {
			stall();
			if (stop.get()) {
				stopped.countDown();
			}
			else {
				keepBusy(stop, stopped);
			}
		});
	}

}
