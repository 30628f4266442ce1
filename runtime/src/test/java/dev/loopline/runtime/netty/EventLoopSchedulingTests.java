package dev.loopline.runtime.netty;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.loopline.runtime.Await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/** Tests for the order and the number of runs of tasks, not for their time. */
@TransportTest
@Timeout(60)
class EventLoopSchedulingTests {

	private final IoEventLoopGroup group = TestGroups.newGroup(TestTransport.current(), 2);

	private final EventLoop loop = this.group.next();

	@AfterEach
	void shutdown() throws InterruptedException {
		this.group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
	}

	@Test
	void tasksOfOneThreadRunInOrderAndOneAtATime() throws Exception {
		int threads = 4;
		int tasks = 20_000;
		List<List<Integer>> seen = new ArrayList<>();
		AtomicBoolean running = new AtomicBoolean();
		AtomicInteger overlaps = new AtomicInteger();
		CountDownLatch done = new CountDownLatch(threads * tasks);
		for (int t = 0; t < threads; t++) {
			List<Integer> mine = new ArrayList<>();
			seen.add(mine);
			new Thread(() -> IntStream.range(0, tasks).forEach((i) -> this.loop.execute(() -> {
				if (!running.compareAndSet(false, true) || !this.loop.inEventLoop()) {
					overlaps.incrementAndGet();
				}
				mine.add(i);
				running.set(false);
				done.countDown();
			}))).start();
		}
		assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(overlaps).hasValue(0);
		List<Integer> expected = IntStream.range(0, tasks).boxed().toList();
		assertThat(seen).allSatisfy((mine) -> assertThat(mine).isEqualTo(expected));
	}

	@Test
	@SuppressWarnings("NullAway") // on purpose
	void nothingIsRefused() {
		Callable<String> callable = null;
		assertThatNullPointerException().isThrownBy(() -> this.loop.execute(null));
		assertThatNullPointerException().isThrownBy(() -> this.loop.schedule((Runnable) null, 1, TimeUnit.DAYS));
		assertThatNullPointerException().isThrownBy(() -> this.loop.schedule(callable, 1, TimeUnit.DAYS));
		assertThatNullPointerException().isThrownBy(() -> this.loop.schedule(() -> "", 1, null));
		assertThatNullPointerException().isThrownBy(() -> this.loop.scheduleAtFixedRate(null, 1, 1, TimeUnit.DAYS));
		assertThatNullPointerException().isThrownBy(() -> this.loop.scheduleWithFixedDelay(null, 1, 1, TimeUnit.DAYS));
		assertThatNullPointerException().isThrownBy(() -> StrandEventLoopGroup.strandOf(null));
	}

	@Test
	void longestPeriodEndsNever() throws Exception {
		AtomicInteger runs = new AtomicInteger();
		this.loop.scheduleWithFixedDelay(runs::incrementAndGet, 0, Long.MAX_VALUE, TimeUnit.DAYS);
		this.loop.scheduleAtFixedRate(runs::incrementAndGet, 0, Long.MAX_VALUE, TimeUnit.DAYS);
		CountDownLatch later = new CountDownLatch(1);
		this.loop.schedule(() -> this.loop.schedule(later::countDown, 20, TimeUnit.MILLISECONDS), 20,
				TimeUnit.MILLISECONDS);
		assertThat(later.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(runs).hasValue(2);
	}

	@Test
	void taskQueuedByATaskRunsLaterAndNotNested() throws Exception {
		List<String> order = new ArrayList<>();
		CountDownLatch done = new CountDownLatch(1);
		this.loop.execute(() -> {
			this.loop.execute(() -> order.add("queued"));
			this.loop.execute(done::countDown);
			order.add("first");
		});
		assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(order).containsExactly("first", "queued");
	}

	@Test
	void taskThatThrowsDoesNotEndTheLoop() throws Exception {
		Future<?> failing = this.loop.submit(() -> {
			throw new IllegalStateException("expected");
		});
		assertThat(failing.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(failing.cause()).isInstanceOf(IllegalStateException.class).hasMessage("expected");
		assertThat(this.loop.submit(() -> "alive").get(10, TimeUnit.SECONDS)).isEqualTo("alive");
	}

	@Test
	void scheduledTasksRunInOrderOfTheirDeadlines() throws Exception {
		Queue<Integer> order = new ConcurrentLinkedQueue<>();
		this.loop.submit(() -> {
			for (int delay : new int[] { 150, 10, 90, 50 }) {
				this.loop.schedule(() -> order.add(delay), delay, TimeUnit.MILLISECONDS);
			}
		}).sync();
		Await.until("all ran", () -> order.size() == 4);
		assertThat(order).containsExactly(10, 50, 90, 150);
	}

	@Test
	void scheduledTasksWithTheSameDelayRunInOrderOfTheirScheduling() throws Exception {
		Queue<Integer> order = new ConcurrentLinkedQueue<>();
		int tasks = 1000;
		for (int i = 0; i < tasks; i++) {
			int number = i;
			this.loop.schedule(() -> order.add(number), 70, TimeUnit.MILLISECONDS);
		}
		Await.until("all ran", () -> order.size() == tasks);
		assertThat(List.copyOf(order)).isSorted();
	}

	@Test
	void scheduledCallableHandsBackItsResult() throws Exception {
		ScheduledFuture<Boolean> future = this.loop.schedule((Callable<Boolean>) this.loop::inEventLoop, 5,
				TimeUnit.MILLISECONDS);
		assertThat(future.get(10, TimeUnit.SECONDS)).isTrue();
		assertThat(future.isDone()).isTrue();
		assertThat(future.isCancelled()).isFalse();
	}

	@Test
	void zeroAndNegativeDelaysRun() throws Exception {
		assertThat(this.loop.schedule(() -> 1, 0, TimeUnit.NANOSECONDS).get(10, TimeUnit.SECONDS)).isEqualTo(1);
		assertThat(this.loop.schedule(() -> 2, -1, TimeUnit.SECONDS).get(10, TimeUnit.SECONDS)).isEqualTo(2);
	}

	@Test
	void cancelledTaskDoesNotRun() throws Exception {
		AtomicInteger runs = new AtomicInteger();
		ScheduledFuture<?> cancelled = this.loop.schedule(runs::incrementAndGet, 50, TimeUnit.MILLISECONDS);
		ScheduledFuture<?> later = this.loop.schedule(() -> {
		}, 80, TimeUnit.MILLISECONDS);
		assertThat(cancelled.cancel(false)).isTrue();
		assertThat(cancelled.isCancelled()).isTrue();
		assertThat(cancelled.cancel(false)).isFalse();
		later.sync();
		assertThat(runs).hasValue(0);
	}

	@Test
	void cancelAfterTheRunIsRefused() throws Exception {
		ScheduledFuture<?> future = this.loop.schedule(() -> {
		}, 1, TimeUnit.MILLISECONDS);
		future.sync();
		assertThat(future.cancel(false)).isFalse();
		assertThat(future.isCancelled()).isFalse();
	}

	@Test
	void fixedRateRunsUntilItCancelsItself() throws Exception {
		assertThat(runsUntilCancelled((task) -> this.loop.scheduleAtFixedRate(task, 0, 1, TimeUnit.MILLISECONDS)))
			.isEqualTo(5);
	}

	@Test
	void fixedDelayRunsUntilItCancelsItself() throws Exception {
		assertThat(runsUntilCancelled((task) -> this.loop.scheduleWithFixedDelay(task, 1, 1, TimeUnit.MILLISECONDS)))
			.isEqualTo(5);
	}

	private int runsUntilCancelled(Function<Runnable, ScheduledFuture<?>> scheduler) throws Exception {
		AtomicInteger runs = new AtomicInteger();
		ScheduledFuture<?>[] self = new ScheduledFuture<?>[1];
		this.loop.submit(() -> {
			self[0] = scheduler.apply(() -> {
				if (runs.incrementAndGet() == 5) {
					self[0].cancel(false);
				}
			});
		}).sync();
		assertThat(self[0].await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(self[0].isCancelled()).isTrue();
		this.loop.schedule(() -> {
		}, 20, TimeUnit.MILLISECONDS).sync();
		return runs.get();
	}

	@Test
	void fixedRateCatchesUpWithRunsThatWereMissed() throws Exception {
		AtomicInteger runs = new AtomicInteger();
		AtomicInteger runsWhenOverdue = new AtomicInteger();
		ScheduledFuture<?> periodic = this.loop.scheduleAtFixedRate(() -> {
			if (runs.incrementAndGet() == 1) {
				long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
				while (System.nanoTime() - end < 0) {
					Thread.onSpinWait();
				}
				this.loop.schedule(() -> runsWhenOverdue.set(runs.get()), 50, TimeUnit.MILLISECONDS);
			}
		}, 0, 10, TimeUnit.MILLISECONDS);
		Await.until("marker ran", () -> runsWhenOverdue.get() > 0);
		periodic.cancel(false);
		assertThat(runsWhenOverdue.get()).isGreaterThanOrEqualTo(11);
	}

	@Test
	void periodicTaskThatThrowsRunsNoMore() throws Exception {
		AtomicInteger runs = new AtomicInteger();
		ScheduledFuture<?> future = this.loop.scheduleAtFixedRate(() -> {
			if (runs.incrementAndGet() == 3) {
				throw new IllegalStateException("expected");
			}
		}, 1, 1, TimeUnit.MILLISECONDS);
		assertThat(future.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(future.cause()).isInstanceOf(IllegalStateException.class);
		this.loop.schedule(() -> {
		}, 20, TimeUnit.MILLISECONDS).sync();
		assertThat(runs).hasValue(3);
	}

	@Test
	void timersThatAreArmedAndCancelledFromOutsideNeverFire() throws Exception {
		AtomicInteger fired = new AtomicInteger();
		for (int i = 0; i < 10_000; i++) {
			assertThat(this.loop.schedule(fired::incrementAndGet, 10, TimeUnit.SECONDS).cancel(false)).isTrue();
		}
		this.loop.schedule(() -> {
		}, 20, TimeUnit.MILLISECONDS).sync();
		assertThat(fired).hasValue(0);
	}

	@Test
	void timersOfABusyLoopStillFire() throws Exception {
		AtomicBoolean fired = new AtomicBoolean();
		Runnable[] busy = new Runnable[1];
		busy[0] = () -> {
			if (!fired.get()) {
				this.loop.execute(busy[0]);
			}
		};
		this.loop.execute(busy[0]);
		this.loop.schedule(() -> fired.set(true), 20, TimeUnit.MILLISECONDS);
		Await.until("timer fired", fired::get);
	}

	@Test
	void periodicTasksDoNotHoldUpShutdown() throws Exception {
		AtomicInteger runs = new AtomicInteger();
		this.loop.scheduleAtFixedRate(runs::incrementAndGet, 0, 1, TimeUnit.MILLISECONDS);
		Await.until("running", () -> runs.get() > 3);
		this.loop.schedule(runs::incrementAndGet, 1, TimeUnit.HOURS);
		this.group.shutdownGracefully(0, 30, TimeUnit.SECONDS);
		assertThat(this.group.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
	}

}
