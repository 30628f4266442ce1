package dev.loopline.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * Spawns from outside by many threads at once.
 */
public class RemoteSpawnBenchmark extends RivalBenchmark {

	private static final int TASKS = 12_800;

	@Param({ "1", "2", "8", "64" })
	int spawners;

	@Benchmark
	public void remoteSpawn() throws InterruptedException {
		CountDownLatch done = new CountDownLatch(TASKS);
		CyclicBarrier start = new CyclicBarrier(this.spawners);
		for (int t = 0; t < this.spawners; t++) {
			new Thread(() -> {
				try {
					start.await();
				}
				catch (Exception ex) {
					throw new IllegalStateException(ex);
				}
				for (int i = 0; i < TASKS / this.spawners; i++) {
					this.subject.spawn(done::countDown);
				}
			}).start();
		}
		done.await();
	}

}
