package dev.loopline.runtime.internal.stall;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.loopline.runtime.Await;
import dev.loopline.runtime.FakeProbe;
import dev.loopline.runtime.FakeTicker;
import dev.loopline.runtime.LogCapture;
import dev.loopline.runtime.NamedThreads;
import dev.loopline.runtime.stall.ForeignPool;
import dev.loopline.runtime.stall.ForeignThreads;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.time.Ticker;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ForeignWatch}.
 */
class ForeignWatchTests {

	private static final Duration PERIOD = Duration.ofNanos(ForeignWatch.PERIOD_NANOS);

	private static final Duration LIST = Duration.ofNanos(ForeignWatch.LIST_NANOS);

	private static final StackTraceElement LOOP = new StackTraceElement("lib.Loop", "run", "Loop.java", 5);

	private static final StackTraceElement CALLBACK = new StackTraceElement("com.example.Callback", "accept",
			"Callback.java", 12);

	private static final StackTraceElement SLEEP = new StackTraceElement("java.lang.Thread", "sleep", "Thread.java",
			-2);

	private static final StackTraceElement SELECT = new StackTraceElement("sun.nio.ch.EPoll", "wait", "EPoll.java", -2);

	private final FakeTicker ticker = new FakeTicker();

	private final FakeProbe probe = new FakeProbe();

	private final NamedThreads threads = new NamedThreads();

	private final List<Thread> all = new ArrayList<>();

	private final LogCapture log = new LogCapture(StallReporter.class);

	private ForeignWatch watch = watch(Settings.THRESHOLD, Set.of());

	private @Nullable StallReporter reporter;

	@BeforeEach
	void addLoop() {
		add("lib-1");
	}

	@AfterEach
	void end() {
		stop();
		this.log.close();
		assertThat(this.threads.alive()).isEmpty();
	}

	@Test
	void threadThatWaitsInApplicationCodeIsReportedOnce() {
		stack(SLEEP, FakeProbe.HANDLER, CALLBACK, LOOP);
		look();
		assertThat(pool().stalls()).isZero();
		look();
		Stall stall = pool().lastStall();
		assertThat(stall.culprit()).isEqualTo(FakeProbe.HANDLER);
		assertThat(stall.kind()).isEqualTo(Stall.Kind.BLOCKING);
		assertThat(stall.duration()).isEqualTo(PERIOD);
		assertThat(stall.running()).isTrue();
		look();
		look();
		assertThat(pool().stalls()).isOne();
		assertThat(pool().lastStall().duration()).isEqualTo(PERIOD.multipliedBy(3));
		assertThat(this.watch.counts()).isEqualTo(Map.of("lib", 1L));
		stop();
		assertThat(this.log.messages()).containsExactly("Something on lib-1 (lib), a thread that others wait for, "
				+ "has blocked its thread for 50 ms so far at com.example.Handler.handle(Handler.java:7), in "
				+ "java.lang.Thread.sleep. Do not");
	}

	@Test
	void threadThatWaitsInNativeCodeIsReportedThoughTheJvmCallsItRunnable() {
		stack(SELECT, FakeProbe.HANDLER, LOOP);
		look();
		look();
		assertThat(pool().stalls()).isOne();
	}

	@Test
	void threadThatWaitsForTheProcessorIsNotReported() {
		stack(FakeProbe.HANDLER, LOOP);
		look();
		look();
		assertThat(pool().stalls()).isZero();
		stack(SLEEP, FakeProbe.HANDLER, LOOP);
		look();
		assertThat(pool().stalls()).isOne();
	}

	@Test
	void nothingIsReportedOfAnIdleLoopWhichIsLookedAtOnce() {
		stack(SELECT, LOOP, CALLBACK); // whoever made the thread is of the application
		for (int i = 0; i < 100; i++) {
			look();
		}
		assertThat(pool().stalls()).isZero();
		assertThat(this.probe.samples()).isEqualTo(1 + 1); // when found, and when it was
															// still
	}

	@Test
	void threadWithoutALoopIsNotReported() {
		stack(SLEEP, FakeProbe.HANDLER);
		look();
		look();
		assertThat(pool().stalls()).isZero();
	}

	@Test
	void busyLoopThatRunsOnlyLibraryCodeIsNotReported() {
		stack(new StackTraceElement("io.lettuce.core.Decoder", "decode", "Decoder.java", 3), LOOP);
		burn(20);
		assertThat(pool().stalls()).isZero();
	}

	@Test
	void onlyTheApplicationsPackagesCountIfTheyAreKnown() {
		stop();
		this.watch = watch(Settings.THRESHOLD, Set.of("com.other"));
		stack(SLEEP, FakeProbe.HANDLER, LOOP);
		look();
		look();
		assertThat(pool().stalls()).isZero();
	}

	@Test
	void threadThatComputesInTheSameCodeIsReportedWhenThatIsSure() {
		stack(FakeProbe.HANDLER, CALLBACK, LOOP);
		burn(5);
		assertThat(pool().stalls()).isZero();
		burn(1);
		assertThat(pool().lastStall().kind()).isEqualTo(Stall.Kind.BURNING);
		burn(20);
		assertThat(pool().stalls()).isOne();
		assertThat(pool().lastStall().duration()).isEqualTo(PERIOD.multipliedBy(25));
	}

	@Test
	void threadThatIsFoundElsewhereInBetweenIsNotReported() {
		for (int i = 0; i < 10; i++) {
			stack(FakeProbe.HANDLER, CALLBACK, LOOP);
			burn(4);
			stack(SELECT, LOOP);
			burn(1);
		}
		assertThat(pool().stalls()).isZero();
	}

	@Test
	void stallEndsWhenTheThreadMovesAndTheNextOneCounts() {
		stack(SLEEP, FakeProbe.HANDLER, LOOP);
		look();
		look();
		stack(SELECT, LOOP);
		burn(1);
		assertThat(pool().lastStall().running()).isFalse();
		stack(SLEEP, FakeProbe.HANDLER, LOOP);
		burn(1);
		look();
		assertThat(pool().stalls()).isEqualTo(2);
		assertThat(this.watch.counts()).isEqualTo(Map.of("lib", 2L));
		stop();
		assertThat(this.log.messages()).hasSize(1);
	}

	@Test
	void sameLineIsLoggedAgainAfterAMinute() {
		stack(SLEEP, FakeProbe.HANDLER, LOOP);
		look();
		look();
		for (int i = 0; i < 60 * 20; i += 4) {
			burn(3);
			look();
		}
		stop();
		assertThat(this.log.messages()).hasSize(2);
		assertThat(this.log.messages().get(1)).contains("such stalls since the last report");
	}

	@Test
	void longThresholdIsWaitedFor() {
		stop();
		this.watch = watch(Duration.ofSeconds(1), Set.of());
		stack(SLEEP, FakeProbe.HANDLER, LOOP);
		look(Duration.ofMillis(500));
		look(Duration.ofMillis(500));
		assertThat(pool().stalls()).isZero();
		look(Duration.ofMillis(500));
		assertThat(pool().lastStall().duration()).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void pauseOfTheProcessIsNobodysStall() {
		stack(SLEEP, FakeProbe.HANDLER, LOOP);
		look();
		look(Duration.ofSeconds(1));
		assertThat(pool().stalls()).isZero();
		look();
		assertThat(pool().stalls()).isOne();
	}

	@Test
	void pauseDuringALookIsNobodysStall() {
		stack(FakeProbe.HANDLER, CALLBACK, LOOP);
		burn(1);
		CountDownLatch over = new CountDownLatch(1);
		this.probe.sayStack(() -> {
			awaitUninterruptibly(over);
			return new StackTraceElement[] { FakeProbe.HANDLER, CALLBACK, LOOP };
		});
		move();
		tick(PERIOD);
		move();
		tick(Duration.ofSeconds(1)); // while the stack is taken
		over.countDown();
		awaitLook();
		assertThat(pool().stalls()).isZero();
		burn(4);
		assertThat(pool().stalls()).isZero();
		burn(3);
		assertThat(pool().stalls()).isOne();
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		Await.until(() -> latch.getCount() == 0);
	}

	@Test
	void threadThatLoadsAClassIsNotReported() {
		stack(SLEEP, new StackTraceElement("java.lang.ClassLoader", "loadClass", null, -1), FakeProbe.HANDLER, LOOP);
		look();
		look();
		assertThat(pool().stalls()).isZero();
	}

	@Test
	void threadsThatAreNobodysAreLeftAlone() {
		add("app-1");
		stack(SLEEP, FakeProbe.HANDLER, LOOP);
		look();
		look();
		assertThat(this.watch.pools()).hasSize(1);
		assertThat(pool().threads()).isOne();
	}

	@Test
	void newThreadsAreFoundAndThoseThatEndedForgotten() {
		stack(SELECT, LOOP);
		look();
		add("lib-2");
		look();
		assertThat(pool().threads()).isOne();
		look(LIST);
		assertThat(pool().threads()).isEqualTo(2);
		this.all.clear();
		add("other");
		look(LIST);
		assertThat(this.watch.pools()).isEmpty();
	}

	@Test
	void threadsThatMoveAreVisitedAsTheBudgetAllows() {
		IntStream.range(2, 40).forEach((i) -> add("lib-" + i));
		stack(SELECT, LOOP);
		burn(1);
		assertThat(this.probe.samples()).isEqualTo(ForeignWatch.BUDGET - ForeignWatch.RESERVE);
		burn(100);
		assertThat(this.probe.samples()).isBetween(50, 60); // ten a second
	}

	@Test
	void poolsAreBounded() {
		this.all.clear();
		IntStream.range(0, 200).forEach((i) -> add("lib" + i + "-1"));
		look();
		assertThat(this.watch.pools()).hasSize(ForeignWatch.MAX_POOLS + 1)
			.filteredOn((pool) -> pool.owner().pool().equals("others"))
			.singleElement()
			.extracting(ForeignPool::threads)
			.isEqualTo(200 - ForeignWatch.MAX_POOLS);
	}

	private void add(String name) {
		this.all.add(new Thread(name)); // never started
	}

	private ForeignWatch watch(Duration threshold, Set<String> applications) {
		StallSettings settings = Settings.of(this.ticker, this.threads, threshold, applications, new Libraries(),
				() -> List.copyOf(this.all));
		this.reporter = new StallReporter(settings);
		return new ForeignWatch(settings, this.reporter);
	}

	private void stack(StackTraceElement... stack) {
		this.probe.sayStack(() -> stack);
		if (stack[0].equals(SLEEP)) {
			this.all.forEach(this.probe::sayWaiting);
		}
		else {
			this.all.forEach(this.probe::sayRunnable);
		}
	}

	private void burn(int periods) {
		for (int i = 0; i < periods; i++) {
			move();
			look();
		}
	}

	private void move() {
		this.all.forEach((thread) -> this.probe.sayUsed(thread, PERIOD));
	}

	private void look() {
		look(PERIOD);
	}

	private void look(Duration after) {
		tick(after);
		awaitLook();
	}

	private void tick(Duration after) {
		this.ticker.advance(after);
		this.watch.tick(this.ticker.nanos(), this.probe);
	}

	private void awaitLook() {
		Await.until(() -> !this.watch.isLooking());
	}

	private ForeignPool pool() {
		return this.watch.pools().get(0);
	}

	private void stop() {
		long deadline = Ticker.system().nanos() + TimeUnit.SECONDS.toNanos(20);
		this.watch.stop();
		this.watch.awaitTermination(deadline);
		this.reporter.stop();
		this.reporter.awaitTermination(deadline);
	}

	/**
	 * All threads whose names begin with lib are of one library.
	 */
	private static final class Libraries implements ForeignThreads {

		@Override
		public @Nullable Owner ownerOf(Thread thread) {
			String name = thread.getName();
			return name.startsWith("lib") ? new Owner("lib", name.substring(0, name.indexOf('-')), "Do not") : null;
		}

		@Override
		public boolean isLoop(Owner owner, String className) {
			return className.equals(LOOP.getClassName());
		}

	}

}
