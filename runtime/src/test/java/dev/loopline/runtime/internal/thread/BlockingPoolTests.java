package dev.loopline.runtime.internal.thread;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.loopline.runtime.Await;
import dev.loopline.runtime.BrokenLog;
import dev.loopline.runtime.FakeTicker;
import dev.loopline.runtime.LogCapture;
import dev.loopline.runtime.NamedThreads;
import dev.loopline.runtime.ThrownErrors;
import dev.loopline.runtime.time.Ticker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link BlockingPool}.
 */
class BlockingPoolTests {

	private static final Duration LONG = Duration.ofHours(1);

	private static final Duration BACKOFF = Duration.ofNanos(BlockingPool.BACKOFF_NANOS);

	private final NamedThreads threads = new NamedThreads();

	private final CountDownLatch gate = new CountDownLatch(1);

	private final FakeTicker ticker = new FakeTicker();

	private final AtomicBoolean scarce = new AtomicBoolean();

	private final List<BlockingPool> pools = new ArrayList<>();

	@AfterEach
	void endEveryThread() {
		this.gate.countDown();
		this.pools.forEach(BlockingPool::shutdown);
		Await.until(() -> this.threads.alive().isEmpty());
	}

	@Test
	void startsNoThreadWithoutAJob() {
		BlockingPool pool = pool(2, 2, LONG);
		assertThat(pool.threads()).isZero();
		assertThat(this.threads.created()).isZero();
	}

	@Test
	void startsOneThreadPerBusyJobUpToTheBound() {
		BlockingPool pool = pool(3, 10, LONG);
		occupy(pool, 3);
		assertThat(pool.threads()).isEqualTo(3);
		pool.execute(() -> {
		});
		assertThat(pool.threads()).isEqualTo(3);
		assertThat(pool.queueDepth()).isEqualTo(1);
		assertThat(this.threads.created()).isEqualTo(3);
	}

	@Test
	void reusesAnIdleThread() {
		BlockingPool pool = pool(3, 10, LONG);
		Set<Thread> used = ConcurrentHashMap.newKeySet();
		for (int i = 0; i < 20; i++) {
			CountDownLatch done = new CountDownLatch(1);
			pool.execute(() -> {
				used.add(Thread.currentThread());
				done.countDown();
			});
			Await.open(done);
			Await.until(() -> pool.idleThreads() == 1);
		}
		assertThat(used).hasSize(1);
		assertThat(pool.threads()).isEqualTo(1);
	}

	@Test
	void twoJobsAreNotMeantForOneIdleThread() {
		BlockingPool pool = pool(2, 0, LONG);
		CountDownLatch done = new CountDownLatch(1);
		pool.execute(done::countDown);
		Await.until(() -> pool.idleThreads() == 1);
		occupy(pool, 2);
		assertThat(pool.idleThreads()).isZero();
		assertThat(this.threads.created()).isEqualTo(2);
	}

	@Test
	void queuedJobsRunInOrderWhenAThreadIsFree() {
		BlockingPool pool = pool(1, 10, LONG);
		occupy(pool, 1);
		List<Integer> ran = new ArrayList<>();
		CountDownLatch done = new CountDownLatch(5);
		for (int i = 0; i < 5; i++) {
			int number = i;
			pool.execute(() -> {
				ran.add(number);
				done.countDown();
			});
		}
		assertThat(pool.queueDepth()).isEqualTo(5);
		this.gate.countDown();
		Await.open(done);
		assertThat(ran).containsExactly(0, 1, 2, 3, 4);
		assertThat(pool.queueDepth()).isZero();
	}

	@Test
	void refusesJobsBeyondTheQueue() {
		BlockingPool pool = pool(1, 1, LONG);
		occupy(pool, 1);
		CountDownLatch queued = new CountDownLatch(1);
		pool.execute(queued::countDown);
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> pool.execute(() -> {
		})).withMessageContaining("1 blocking threads").withMessageContaining("1 jobs");
		this.gate.countDown();
		Await.open(queued);
	}

	@Test
	void tryExecuteNeverQueues() {
		BlockingPool pool = pool(1, 10, LONG);
		occupy(pool, 1);
		assertThat(pool.tryExecute(() -> {
		})).isFalse();
		assertThat(pool.queueDepth()).isZero();
	}

	@Test
	void tryExecuteUsesAnIdleThread() {
		BlockingPool pool = pool(1, 0, LONG);
		CountDownLatch first = new CountDownLatch(1);
		assertThat(pool.tryExecute(first::countDown)).isTrue();
		Await.open(first);
		Await.until(() -> pool.idleThreads() == 1);
		CountDownLatch second = new CountDownLatch(1);
		assertThat(pool.tryExecute(second::countDown)).isTrue();
		Await.open(second);
		assertThat(this.threads.created()).isEqualTo(1);
	}

	@Test
	void idleThreadsEndAfterTheKeepAlive() {
		BlockingPool pool = pool(4, 0, Duration.ofMillis(1));
		occupy(pool, 4);
		this.gate.countDown();
		Await.until(() -> pool.threads() == 0);
		assertThat(pool.idleThreads()).isZero();
		Await.until(() -> this.threads.alive().isEmpty());
	}

	@Test
	void startsANewThreadAfterTheKeepAlive() {
		BlockingPool pool = pool(1, 0, Duration.ofMillis(1));
		pool.execute(() -> {
		});
		Await.until(() -> pool.threads() == 0);
		CountDownLatch done = new CountDownLatch(1);
		pool.execute(done::countDown);
		Await.open(done);
		assertThat(this.threads.created()).isEqualTo(2);
	}

	@Test
	void noJobWaitsForAThreadThatLeaves() {
		BlockingPool pool = pool(1, 1, Duration.ofNanos(1));
		for (int i = 0; i < 20_000; i++) {
			CountDownLatch done = new CountDownLatch(1);
			pool.execute(done::countDown);
			Await.open(done);
		}
	}

	@Test
	void shutdownRunsWhatIsQueuedAndRefusesTheRest() {
		BlockingPool pool = pool(1, 10, LONG);
		occupy(pool, 1);
		CountDownLatch queued = new CountDownLatch(3);
		for (int i = 0; i < 3; i++) {
			pool.execute(queued::countDown);
		}
		pool.shutdown();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> pool.execute(() -> {
		}));
		assertThat(pool.tryExecute(() -> {
		})).isFalse();
		this.gate.countDown();
		Await.open(queued);
		assertThat(pool.awaitTermination(soon())).isEmpty();
		assertThat(pool.threads()).isZero();
	}

	@Test
	void shutdownEndsIdleThreads() {
		BlockingPool pool = pool(2, 0, LONG);
		occupy(pool, 2);
		this.gate.countDown();
		Await.until(() -> pool.idleThreads() == 2);
		pool.shutdown();
		assertThat(pool.awaitTermination(soon())).isEmpty();
		assertThat(pool.threads()).isZero();
		assertThat(pool.idleThreads()).isZero();
	}

	@Test
	void terminationNamesTheThreadsThatAreStuck() {
		BlockingPool pool = pool(2, 0, LONG);
		occupy(pool, 1);
		pool.shutdown();
		assertThat(pool.awaitTermination(Ticker.system().nanos())).hasSize(1).isSubsetOf(this.threads.alive());
	}

	@Test
	void jobThatThrowsDoesNotTakeTheQueueWithIt() {
		BlockingPool pool = pool(1, 10, LONG);
		occupy(pool, 1);
		CountDownLatch queued = new CountDownLatch(1);
		try (LogCapture log = new LogCapture(BlockingPool.class)) {
			pool.execute(() -> {
				throw new IllegalStateException("expected");
			});
			pool.execute(queued::countDown);
			this.gate.countDown();
			Await.open(queued);
			assertThat(log.events()).singleElement()
				.satisfies((event) -> assertThat(event.getThrowableProxy().getMessage()).isEqualTo("expected"));
		}
		assertThat(this.threads.created()).isEqualTo(1);
	}

	@Test
	void jobDoesNotSeeTheInterruptOfTheOneBefore() {
		BlockingPool pool = pool(1, 10, LONG);
		occupy(pool, 1);
		AtomicBoolean interrupted = new AtomicBoolean(true);
		CountDownLatch queued = new CountDownLatch(1);
		pool.execute(() -> Thread.currentThread().interrupt());
		pool.execute(() -> {
			interrupted.set(Thread.currentThread().isInterrupted());
			queued.countDown();
		});
		this.gate.countDown();
		Await.open(queued);
		assertThat(interrupted).isFalse();
	}

	@Test
	void jobThatGetsNoThreadRunsByItselfLater() {
		BlockingPool pool = scarcePool(4, 10);
		CountDownLatch done = new CountDownLatch(2);
		pool.execute(done::countDown);
		pool.execute(done::countDown);
		assertThat(pool.threads()).isZero();
		assertThat(pool.queueDepth()).isEqualTo(2);
		this.scarce.set(false);
		pool.retry();
		assertThat(pool.queueDepth()).isEqualTo(2);
		this.ticker.advance(BACKOFF);
		pool.retry();
		Await.open(done);
		assertThat(pool.failure()).isNull();
	}

	@Test
	void makerOfThreadsTriesAgainByItself() {
		ThreadFactory maker = ThreadMaker.of(this::scarceThread, (made) -> {
		});
		try {
			this.scarce.set(true);
			BlockingPool pool = new BlockingPool(4, 10, Duration.ofSeconds(10), maker, this.ticker);
			CountDownLatch done = new CountDownLatch(1);
			pool.execute(done::countDown);
			this.scarce.set(false);
			this.ticker.advance(BACKOFF);
			Await.open(done);
			pool.shutdown();
		}
		finally {
			ThreadMaker.stop(maker);
		}
	}

	@Test
	void jobThatCountedOnAThreadThatDoesNotStartIsTriedAgain() {
		AtomicReference<BlockingPool> pool = new AtomicReference<>();
		CountDownLatch done = new CountDownLatch(1);
		pool.set(pool(1, 1, LONG, (runnable) -> {
			if (pool.get().queueDepth() == 0) {
				pool.get().execute(done::countDown); // the only thread is on its way
				throw new IllegalStateException("expected");
			}
			return this.threads.newThread(runnable);
		}));
		try (LogCapture log = new LogCapture(BlockingPool.class)) {
			assertThat(pool.get().tryExecute(this.gate::countDown)).isFalse();
			assertThat(log.events()).hasSize(1);
		}
		assertThat(pool.get().queueDepth()).isEqualTo(1);
		assertThat(pool.get().isRetryScheduled()).isTrue();
	}

	@Test
	void threadThatIdlesByThenTakesTheJobOfOneThatDoesNotStart() {
		AtomicReference<BlockingPool> pool = new AtomicReference<>();
		AtomicInteger attempts = new AtomicInteger();
		pool.set(pool(2, 1, LONG, (runnable) -> {
			if (attempts.incrementAndGet() == 1) {
				return this.threads.newThread(runnable);
			}
			if (attempts.get() == 3) {
				this.gate.countDown();
				Await.until(() -> pool.get().idleThreads() == 1);
			}
			throw new IllegalStateException("expected");
		}));
		occupy(pool.get(), 1);
		CountDownLatch done = new CountDownLatch(1);
		try (LogCapture log = new LogCapture(BlockingPool.class)) {
			pool.get().execute(done::countDown);
			this.ticker.advance(BACKOFF);
			pool.get().retry();
			assertThat(log.events()).hasSize(1);
		}
		Await.open(done);
		assertThat(attempts).hasValue(3);
	}

	@Test
	void noThreadIsTriedForASecondAfterAFailure() {
		BlockingPool pool = scarcePool(4, 1000);
		for (int second = 1; second <= 3; second++) {
			for (int i = 0; i < 50; i++) {
				assertThat(pool.tryExecute(this.gate::countDown)).isFalse();
				pool.execute(() -> {
				});
				pool.retry();
			}
			assertThat(pool.startFailures()).isEqualTo(second);
			this.ticker.advance(BACKOFF);
		}
	}

	@Test
	void refusalNamesTheCause() {
		BlockingPool pool = scarcePool(4, 0);
		this.scarce.set(false);
		occupy(pool, 1);
		this.scarce.set(true);
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> pool.execute(() -> {
		}))
			.withMessageContaining("1 of 4 blocking threads run")
			.withMessageContaining("unable to create native thread")
			.withCauseInstanceOf(OutOfMemoryError.class);
	}

	@Test
	void causeIsLoggedOnceAMinute() {
		BlockingPool pool = scarcePool(4, 1000);
		try (LogCapture log = new LogCapture(BlockingPool.class)) {
			for (int second = 0; second < 59; second++) {
				pool.execute(() -> {
				});
				this.ticker.advance(BACKOFF);
			}
			assertThat(log.messages()).singleElement()
				.asString()
				.startsWith("No thread can be started while 0 of 4 run");
			this.ticker.advance(BACKOFF);
			pool.execute(() -> {
			});
			assertThat(log.messages()).hasSize(2);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void factoryThatFailsIsLikeASystemWithoutThreads(boolean refuses) {
		AtomicInteger attempts = new AtomicInteger();
		BlockingPool pool = pool(1, 1, LONG, (runnable) -> {
			if (attempts.incrementAndGet() > 1) {
				return this.threads.newThread(runnable);
			}
			if (refuses) {
				return null;
			}
			throw new IllegalStateException("expected");
		});
		try (LogCapture log = new LogCapture(BlockingPool.class)) {
			assertThat(pool.tryExecute(this.gate::countDown)).isFalse();
			assertThat(log.events()).hasSize(1);
		}
		assertThat(pool.threads()).isZero();
		this.ticker.advance(BACKOFF);
		CountDownLatch done = new CountDownLatch(1);
		pool.execute(done::countDown);
		Await.open(done);
	}

	@Test
	void queuedJobsRunWhenThePoolIsShutDownAndThreadsAreThereAgain() {
		BlockingPool pool = scarcePool(1, 1);
		CountDownLatch done = new CountDownLatch(1);
		pool.execute(done::countDown);
		pool.shutdown();
		this.scarce.set(false);
		this.ticker.advance(BACKOFF);
		pool.retry();
		Await.open(done);
		assertThat(pool.awaitTermination(soon())).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("dev.loopline.runtime.ThrownErrors#all")
	void threadSurvivesEveryErrorEvenIfTheLogFailsToo(Throwable error) {
		BlockingPool pool = pool(1, 10, LONG);
		occupy(pool, 1);
		CountDownLatch queued = new CountDownLatch(1);
		try (BrokenLog log = new BrokenLog(error, BlockingPool.class)) {
			pool.execute(() -> ThrownErrors.raise(error));
			pool.execute(queued::countDown);
			this.gate.countDown();
			Await.open(queued);
			assertThat(log.calls()).isPositive();
		}
		assertThat(this.threads.created()).isEqualTo(1);
	}

	@Test
	void manyJobsFromManyThreadsRunOnce() {
		BlockingPool pool = pool(4, 100_000, Duration.ofMillis(1));
		CountDownLatch done = new CountDownLatch(20_000);
		AtomicInteger ran = new AtomicInteger();
		List<Thread> callers = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			Thread caller = this.threads.newThread(() -> {
				for (int job = 0; job < 10_000; job++) {
					pool.execute(() -> {
						ran.incrementAndGet();
						done.countDown();
					});
				}
			});
			callers.add(caller);
			caller.start();
		}
		callers.forEach(Await::end);
		Await.open(done);
		Await.until(() -> pool.threads() == 0);
		assertThat(ran).hasValue(20_000);
		assertThat(pool.idleThreads()).isZero();
		assertThat(pool.queueDepth()).isZero();
	}

	@Test
	void threadsBeyondTheBoundAreForJobsThatMayUseThem() {
		BlockingPool pool = pool(1, 10, LONG);
		occupy(pool, 1);
		CountDownLatch running = new CountDownLatch(2);
		CountDownLatch end = new CountDownLatch(1);
		Runnable urgent = () -> {
			running.countDown();
			Await.open(end);
		};
		assertThat(pool.tryExecute(urgent)).isFalse();
		assertThat(pool.tryExecute(urgent, 2)).isTrue();
		assertThat(pool.tryExecute(urgent, 1)).isFalse();
		assertThat(pool.tryExecute(urgent, 2)).isTrue();
		assertThat(pool.tryExecute(urgent, 2)).isFalse();
		assertThat(pool.excess()).isEqualTo(2);
		Await.open(running);
		CountDownLatch queued = new CountDownLatch(1);
		pool.execute(queued::countDown);
		end.countDown();
		Await.until(() -> pool.idleThreads() == 2);
		assertThat(pool.queueDepth()).isEqualTo(1);
		assertThat(pool.tryExecute(urgent)).isFalse();
		this.gate.countDown();
		Await.open(queued);
		Await.until(() -> pool.idleThreads() == 3);
	}

	private BlockingPool pool(int maxThreads, int queueCapacity, Duration keepAlive) {
		return pool(maxThreads, queueCapacity, keepAlive, this.threads);
	}

	private BlockingPool pool(int maxThreads, int queueCapacity, Duration keepAlive, ThreadFactory factory) {
		BlockingPool pool = new BlockingPool(maxThreads, queueCapacity, keepAlive, factory, this.ticker);
		this.pools.add(pool);
		return pool;
	}

	/**
	 * Makes a pool on a system that has no more threads.
	 */
	private BlockingPool scarcePool(int maxThreads, int queueCapacity) {
		this.scarce.set(true);
		return pool(maxThreads, queueCapacity, LONG, this::scarceThread);
	}

	private Thread scarceThread(Runnable runnable) {
		return this.scarce.get() ? new Thread(runnable) {

			@Override
			public synchronized void start() {
				throw new OutOfMemoryError("unable to create native thread (expected)");
			}

		} : this.threads.newThread(runnable);
	}

	/**
	 * Gives as many threads a job that lasts until the gate opens.
	 */
	private void occupy(BlockingPool pool, int jobs) {
		CountDownLatch running = new CountDownLatch(jobs);
		for (int i = 0; i < jobs; i++) {
			pool.execute(() -> {
				running.countDown();
				Await.open(this.gate);
			});
		}
		Await.open(running);
	}

	private static long soon() {
		return Ticker.system().nanos() + Duration.ofSeconds(20).toNanos();
	}

}
