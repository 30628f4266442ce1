package dev.loopline.benchmarks;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jmh.annotations.Benchmark;

/**
 * Tasks that let each other run:
 * {@code java -jar benchmarks/jmh/target/jmh.jar SwitchBenchmark}.
 */
public class SwitchBenchmark extends RivalBenchmark {

	private static final int TASKS = 200;

	private static final int YIELDS = 1_000;

	private static final int PINGS = 1_000;

	@Benchmark
	public void yieldMany() throws InterruptedException {
		CountDownLatch done = new CountDownLatch(TASKS);
		for (int i = 0; i < TASKS; i++) {
			this.subject.spawnSteps(YIELDS, done::countDown);
		}
		done.await();
	}

	@Benchmark
	public void pingPong() throws InterruptedException {
		CountDownLatch done = new CountDownLatch(1);
		AtomicInteger left = new AtomicInteger(PINGS);
		this.subject.spawn(() -> {
			for (int i = 0; i < PINGS; i++) {
				this.subject.spawnAwaiting(this::ping, () -> {
					if (left.decrementAndGet() == 0) {
						done.countDown();
					}
				});
			}
		});
		done.await();
	}

	private CompletableFuture<?> ping() {
		CompletableFuture<Void> ping = new CompletableFuture<>();
		CompletableFuture<Void> pong = new CompletableFuture<>();
		this.subject.spawnAwaiting(() -> ping, () -> pong.complete(null));
		ping.complete(null);
		return pong;
	}

	@Benchmark
	public void requestReply() throws InterruptedException {
		CountDownLatch done = new CountDownLatch(1);
		this.subject.spawnAsking(PINGS, this::request, done::countDown);
		done.await();
	}

	private CompletableFuture<?> request() {
		CompletableFuture<Integer> reply = new CompletableFuture<>();
		this.subject.spawn(() -> reply.complete(1));
		return reply;
	}

}
