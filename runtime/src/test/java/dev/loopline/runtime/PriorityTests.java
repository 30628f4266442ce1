package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Priority}, on one worker whose clock stands still.
 */
class PriorityTests {

	private final FakeTicker ticker = new FakeTicker();

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig
		.of((builder) -> builder.flavour(TaskRuntimeConfig.Flavour.CURRENT_THREAD).workers(1).ticker(this.ticker)));

	private final List<String> order = Collections.synchronizedList(new ArrayList<>());

	private final CountDownLatch gate = new CountDownLatch(1);

	@AfterEach
	void endRuntime() {
		this.runtime.close();
	}

	@Test
	void highGoesFirstInTurnWithTheOthersAndBackgroundLast() {
		blockWorker();
		CountDownLatch done = new CountDownLatch(7);
		queue("background", Priority.BACKGROUND, done);
		Stream.of("normal 1", "normal 2", "normal 3").forEach((name) -> queue(name, Priority.NORMAL, done));
		Stream.of("high 1", "high 2", "high 3").forEach((name) -> queue(name, Priority.HIGH, done));
		this.gate.countDown();
		Await.open(done);
		assertThat(this.order).filteredOn((name) -> name.startsWith("high"))
			.containsExactly("high 1", "high 2", "high 3");
		assertThat(this.order).endsWith("background");
		assertThat(this.order.indexOf("high 1")).isLessThanOrEqualTo(1);
		for (int i = 1; i < this.order.size(); i++) {
			assertThat(this.order.get(i - 1).startsWith("high") && this.order.get(i).startsWith("high"))
				.as("two high ones in a row in %s", this.order)
				.isFalse();
		}
	}

	@Test
	void backgroundIsNotStarvedByStrandsThatNeverRest() {
		CountDownLatch ran = new CountDownLatch(3);
		Strand greedy = newStrand(Priority.NORMAL);
		greedy.execute(new Runnable() {

			@Override
			public void run() {
				PriorityTests.this.ticker.advance(Duration.ofMillis(2));
				if (ran.getCount() > 0) {
					greedy.execute(this);
				}
			}

		});
		Strand background = newStrand(Priority.BACKGROUND);
		background.execute(new Runnable() {

			@Override
			public void run() {
				ran.countDown();
				if (ran.getCount() > 0) {
					background.execute(this);
				}
			}

		});
		Await.open(ran);
	}

	@Test
	void backgroundGetsAtMostAShareOfBusyWorkers() {
		blockWorker();
		List<String> order = this.order;
		CountDownLatch done = new CountDownLatch(100);
		for (int i = 0; i < 50; i++) {
			Strand normal = newStrand(Priority.NORMAL);
			normal.execute(() -> {
				this.ticker.advance(Duration.ofMillis(1));
				order.add("normal");
				done.countDown();
			});
			queue("background", Priority.BACKGROUND, done);
		}
		this.gate.countDown();
		Await.open(done);
		assertThat(order.subList(0, 50)).filteredOn("background"::equals).hasSizeBetween(1, 3);
	}

	@Test
	void whatWaitsWithPriorityIsClosedWithTheRuntime() {
		blockWorker();
		Strand high = newStrand(Priority.HIGH);
		Strand background = newStrand(Priority.BACKGROUND);
		FutureTask<?> first = new FutureTask<>(() -> null);
		FutureTask<?> second = new FutureTask<>(() -> null);
		high.execute(first);
		background.execute(second);
		this.runtime.shutdown(Duration.ZERO, Duration.ofMillis(1));
		this.ticker.advance(Duration.ofSeconds(1));
		Await.until(this.runtime::isShutdown);
		this.gate.countDown();
		Await.until(() -> first.isDone() && second.isDone());
	}

	private void blockWorker() {
		CountDownLatch blocked = new CountDownLatch(1);
		this.runtime.newStrand().execute(() -> {
			blocked.countDown();
			Await.open(this.gate);
		});
		Await.open(blocked);
	}

	private Strand newStrand(Priority priority) {
		Strand strand = this.runtime.newStrand();
		strand.setPriority(priority);
		return strand;
	}

	private void queue(String name, Priority priority, CountDownLatch done) {
		newStrand(priority).execute(() -> {
			this.order.add(name);
			done.countDown();
		});
	}

}
