package dev.loopline.runtime.internal.thread;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.loopline.runtime.Await;
import dev.loopline.runtime.FakeTicker;
import dev.loopline.runtime.NamedThreads;
import dev.loopline.runtime.time.Ticker;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for threads of a {@link BlockingPool} that are started while the caller goes on.
 */
class PromisedThreadsTests {

	private final NamedThreads threads = new NamedThreads();

	private final FakeTicker ticker = new FakeTicker();

	/** What the factory was asked for, in order. */
	private final List<Runnable> made = new CopyOnWriteArrayList<>();

	/** Where the factory waits once it is slow. */
	private final CountDownLatch gate = new CountDownLatch(1);

	private final CountDownLatch waiting = new CountDownLatch(1);

	private final AtomicBoolean slow = new AtomicBoolean();

	private final AtomicBoolean scarce = new AtomicBoolean();

	private final ThreadFactory maker = ThreadMaker.of(this::make, (made) -> {
	});

	private final BlockingPool pool = new BlockingPool(8, 8, Duration.ofHours(1), this.maker, this.ticker);

	@AfterEach
	void endEveryThread() {
		this.gate.countDown();
		this.pool.shutdown();
		this.pool.awaitTermination(Ticker.system().nanos() + Duration.ofSeconds(20).toNanos());
		ThreadMaker.stop(this.maker);
		assertThat(this.threads.alive()).isEmpty();
	}

	@Test
	void callerGoesOnWhileTheThreadIsMade() {
		this.slow.set(true);
		CountDownLatch ran = new CountDownLatch(1);
		assertThat(this.pool.tryExecuteSoon(ran::countDown, 0)).isTrue();
		Await.open(this.waiting);
		assertThat(this.pool.threads()).isEqualTo(1);
		assertThat(ran.getCount()).isOne();
		this.gate.countDown();
		Await.open(ran);
	}

	@Test
	void promisesCountAsThreads() {
		this.slow.set(true);
		for (int i = 0; i < 8; i++) {
			assertThat(this.pool.tryExecuteSoon(this::noop, 0)).isTrue();
		}
		assertThat(this.pool.tryExecuteSoon(this::noop, 0)).isFalse();
		assertThat(this.pool.tryExecuteSoon(this::noop, 1)).isTrue();
		assertThat(this.pool.tryExecuteSoon(this::noop, 1)).isFalse();
	}

	@Test
	void threadThatIsDoneTakesTheJobInsteadOfTheNewOne() {
		CountDownLatch end = new CountDownLatch(1);
		CountDownLatch running = new CountDownLatch(1);
		this.pool.execute(() -> {
			running.countDown();
			Await.open(end);
		});
		Await.open(running);
		this.slow.set(true);
		this.pool.tryExecuteSoon(this::noop, 0);
		Await.open(this.waiting); // the maker is busy with this one
		CountDownLatch ran = new CountDownLatch(2);
		this.pool.tryExecuteSoon(ran::countDown, 0);
		this.pool.tryExecuteSoon(ran::countDown, 0);
		end.countDown();
		Await.open(ran);
		assertThat(this.threads.created()).isEqualTo(1);
		this.gate.countDown();
		Await.until(() -> this.pool.idleThreads() == 2 && this.pool.threads() == 2);
	}

	@Test
	void whoWaitsForAThreadIsServedInBetween() {
		this.slow.set(true);
		for (int i = 0; i < 4; i++) {
			this.pool.tryExecuteSoon(this::noop, 0);
		}
		Await.open(this.waiting);
		Runnable urgent = () -> {
		};
		CompletableFuture<Thread> asked = CompletableFuture.supplyAsync(() -> this.maker.newThread(urgent),
				(task) -> this.threads.newThread(task).start());
		Await.until(() -> this.threads.alive().stream().anyMatch(PromisedThreadsTests::isWaiting));
		this.gate.countDown();
		Await.result(asked);
		Await.until(() -> this.pool.threads() == this.pool.idleThreads());
		assertThat(this.made.indexOf(urgent)).isBetween(1, 2);
	}

	@Test
	void jobsWaitIfNoThreadCanBeStarted() {
		this.slow.set(true);
		this.scarce.set(true);
		CountDownLatch ran = new CountDownLatch(3);
		for (int i = 0; i < 3; i++) {
			assertThat(this.pool.tryExecuteSoon(ran::countDown, 0)).isTrue();
		}
		this.gate.countDown();
		Await.until(() -> this.pool.queueDepth() == 3);
		assertThat(this.pool.startFailures()).isEqualTo(1);
		assertThat(this.pool.threads()).isZero();
		assertThat(this.pool.tryExecuteSoon(this::noop, 0)).isFalse();
		this.scarce.set(false);
		this.ticker.advance(Duration.ofNanos(BlockingPool.BACKOFF_NANOS));
		Await.open(ran); // tried by itself
		assertThat(this.pool.tryExecuteSoon(this::noop, 0)).isTrue();
	}

	@Test
	void promisesAreKeptAfterTheShutdown() {
		this.slow.set(true);
		CountDownLatch ran = new CountDownLatch(2);
		this.pool.tryExecuteSoon(ran::countDown, 0);
		this.pool.tryExecuteSoon(ran::countDown, 0);
		Await.open(this.waiting);
		this.pool.shutdown();
		assertThat(this.pool.tryExecuteSoon(this::noop, 0)).isFalse();
		this.gate.countDown();
		Await.open(ran);
	}

	private Thread make(Runnable runnable) {
		this.made.add(runnable);
		if (this.slow.get()) {
			this.waiting.countDown();
			Await.open(this.gate);
		}
		if (this.scarce.get()) {
			throw new IllegalStateException("expected");
		}
		return this.threads.newThread(runnable);
	}

	private void noop() {
	}

	private static boolean isWaiting(Thread thread) {
		return thread.getState() == Thread.State.TIMED_WAITING;
	}

}
