package dev.loopline.runtime.internal.stall;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.loopline.runtime.Await;
import dev.loopline.runtime.FakeProbe;
import dev.loopline.runtime.FakeTicker;
import dev.loopline.runtime.LogCapture;
import dev.loopline.runtime.NamedThreads;
import dev.loopline.runtime.stall.Culprit;
import dev.loopline.runtime.stall.CulpritSamples;
import dev.loopline.runtime.stall.SampledFrame;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkContext;
import dev.loopline.runtime.stall.WorkDescription;
import dev.loopline.runtime.time.Ticker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link StallRecorder} and {@link StallReporter}.
 */
class StallRecorderTests {

	private static final WorkDescription WORK = new WorkDescription("10.0.0.1:4711", "GET /", "com.example.Home");

	private static final StackTraceElement[] STACK = {
			new StackTraceElement("app", "java.base", "17", "java.lang.Thread", "sleep", "Thread.java", -2),
			FakeProbe.HANDLER, FakeProbe.POLL };

	private final FakeTicker ticker = new FakeTicker();

	private final FakeProbe probe = new FakeProbe();

	private final NamedThreads threads = new NamedThreads();

	private final LogCapture log = new LogCapture(StallReporter.class);

	private final List<Stall> heard = Collections.synchronizedList(new ArrayList<>());

	private StallRecorder stalls = stalls(true);

	@AfterEach
	void end() {
		this.stalls.stop();
		Await.until(() -> this.threads.alive().isEmpty());
		this.log.close();
	}

	@Test
	void stallThatRunsIsVisibleAndGrows() {
		open(Stall.Kind.BURNING, WORK);
		this.ticker.advance(Duration.ofMinutes(3));
		assertThat(this.stalls.count(Stall.Kind.BURNING)).isEqualTo(1);
		assertThat(this.stalls.count(Stall.Kind.BLOCKING)).isZero();
		assertThat(this.stalls.time(Stall.Kind.BURNING)).isEqualTo(Duration.ofMinutes(3));
		Stall view = this.stalls.running().get(0);
		assertThat(view.kind()).isEqualTo(Stall.Kind.BURNING);
		assertThat(view.thread()).isEqualTo(Thread.currentThread().getName());
		assertThat(view.work()).isEqualTo(WORK);
		assertThat(view.duration()).isEqualTo(Duration.ofMinutes(3));
		assertThat(view.running()).isTrue();
		this.ticker.advance(Duration.ofMinutes(1));
		assertThat(this.stalls.running().get(0).duration()).isEqualTo(Duration.ofMinutes(4));
		assertThat(this.stalls.running().get(0).start()).isEqualTo(view.start());
	}

	@Test
	void manyThatRunAreLookedAtLessOften() {
		for (int i = 0; i < 200; i++) {
			open(Stall.Kind.BLOCKING, WORK);
		}
		this.ticker.advance(Duration.ofSeconds(1).minusNanos(1));
		tick();
		this.ticker.advance(Duration.ofNanos(999_999));
		tick();
		assertThat(this.stalls.nextLook() - this.ticker.nanos()).isOne();
		this.ticker.advance(Duration.ofNanos(1));
		tick();
		assertThat(this.stalls.nextLook() - this.ticker.nanos()).isEqualTo(1_000_000);
		Await.until(() -> this.heard.size() == 200);
	}

	private void tick() {
		this.stalls.tick(this.ticker.nanos(), this.probe);
	}

	@Test
	void timesOfDayFollowTheTicker() {
		Instant before = Instant.now();
		this.stalls.stop();
		this.stalls = stalls(false);
		Instant after = Instant.now();
		this.ticker.advance(Duration.ofDays(400));
		long start = this.ticker.nanos();
		this.ticker.advance(Duration.ofHours(1));
		RunningStall stall = this.stalls.open(Stall.Kind.BLOCKING, Thread.currentThread(), () -> WORK, (opened) -> {
		}, () -> true, start, this.ticker.nanos());
		sample(stall, STACK);
		assertThat(stall.start().minus(Duration.ofDays(400))).isBetween(before, after);
		assertThat(lastSeen()).isEqualTo(stall.start().plus(Duration.ofHours(1)));
		this.ticker.advance(Duration.ofHours(2));
		stall.end(this.ticker.nanos());
		assertThat(lastSeen()).isEqualTo(stall.start().plus(Duration.ofHours(3)));
		assertThat(this.stalls.culprits().get(0).firstSeen()).isEqualTo(stall.start());
	}

	@Test
	void stallsAreAddedUpByTheApplicationsLineAndTheRoute() {
		sample(open(Stall.Kind.BLOCKING, WORK), STACK);
		RunningStall second = open(Stall.Kind.BURNING, WORK);
		sample(second, new StackTraceElement[] { new StackTraceElement("java.lang.Object", "wait", null, -2),
				FakeProbe.HANDLER, FakeProbe.POLL });
		this.ticker.advance(Duration.ofMillis(20));
		second.end(this.ticker.nanos());
		this.ticker.advance(Duration.ofMillis(10));
		Culprit culprit = this.stalls.culprits().get(0);
		assertThat(this.stalls.culprits()).hasSize(1);
		assertThat(culprit.method()).isEqualTo("com.example.Handler.handle");
		assertThat(culprit.frame()).isEqualTo(FakeProbe.HANDLER);
		assertThat(culprit.count()).isEqualTo(2);
		assertThat(culprit.blocking()).isEqualTo(1);
		assertThat(culprit.burning()).isEqualTo(1);
		assertThat(culprit.running()).isEqualTo(1);
		assertThat(culprit.total()).isEqualTo(Duration.ofMillis(50));
		assertThat(culprit.max()).isEqualTo(Duration.ofMillis(30));
		assertThat(culprit.lastWork()).isEqualTo(WORK);
		assertThat(culprit.lastStack()).hasSize(3);
		assertThat(Duration.between(culprit.firstSeen(), culprit.lastSeen())).isEqualTo(Duration.ofMillis(20));
	}

	@Test
	void stallThatTurnsOutToBeBlamelessIsTakenFromItsSuspect() {
		AtomicBoolean blameless = new AtomicBoolean();
		RunningStall stall = open(Stall.Kind.BLOCKING, new WorkContext() {

			@Override
			public WorkDescription describe() {
				return WORK;
			}

			@Override
			public boolean isBlameless() {
				return blameless.get();
			}

		});
		sample(stall, STACK);
		assertThat(this.stalls.culprits()).extracting(Culprit::running).containsExactly(1);
		blameless.set(true);
		stall.end(this.ticker.nanos());
		assertThat(this.stalls.culprits()).isEmpty();
		assertThat(this.stalls.samples()).isEmpty();
	}

	@Test
	void stacksOfACulpritAreMerged() {
		sample(open(Stall.Kind.BLOCKING, WORK), STACK);
		sample(open(Stall.Kind.BURNING, WORK), FakeProbe.HANDLER, FakeProbe.POLL);
		open(Stall.Kind.BURNING, WORK).end(this.ticker.nanos());
		assertThat(this.stalls.samples()).hasSize(1);
		CulpritSamples samples = this.stalls.samples().get(0);
		assertThat(samples.method()).isEqualTo("com.example.Handler.handle");
		assertThat(samples.frame()).isEqualTo(FakeProbe.HANDLER);
		assertThat(samples.work()).isEqualTo(WORK);
		assertThat(samples.samples()).isEqualTo(2);
		assertThat(samples.callees()).containsExactly(new SampledFrame("com.example.Handler.handle", true, 2,
				List.of(new SampledFrame("java.lang.Thread.sleep", false, 1, List.of()))));
	}

	@Test
	void stallThatWasNotSampledIsNobodysButItsRoutes() {
		sample(open(Stall.Kind.BLOCKING, WORK), STACK);
		for (int i = 0; i < 280; i++) {
			open(Stall.Kind.BLOCKING, WORK).end(this.ticker.nanos());
		}
		open(Stall.Kind.BLOCKING, WorkDescription.UNKNOWN).end(this.ticker.nanos());
		assertThat(this.stalls.culprits())
			.extracting(Culprit::method, (culprit) -> culprit.lastWork().route(), Culprit::count)
			.containsExactlyInAnyOrder(tuple("com.example.Handler.handle", "GET /", 1L),
					tuple(Culprit.UNKNOWN, "GET /", 280L), tuple(Culprit.UNKNOWN, null, 1L));
		Await.until(() -> this.heard.size() == 281);
		assertThat(this.heard).allSatisfy((stall) -> {
			assertThat(stall.culprit()).isNull();
			assertThat(stall.stack()).isEmpty();
		});
	}

	@Test
	void helperThatManyRoutesCallIsNamedForEachOfThem() {
		for (int i = 0; i < 40; i++) {
			WorkDescription work = new WorkDescription(null, "GET /" + i % 4, null);
			RunningStall stall = open(Stall.Kind.BLOCKING, work);
			sample(stall, STACK);
			stall.end(this.ticker.nanos());
		}
		assertThat(this.stalls.culprits())
			.extracting(Culprit::method, (culprit) -> culprit.lastWork().route(), Culprit::count)
			.containsExactlyInAnyOrder(tuple("com.example.Handler.handle", "GET /0", 10L),
					tuple("com.example.Handler.handle", "GET /1", 10L),
					tuple("com.example.Handler.handle", "GET /2", 10L),
					tuple("com.example.Handler.handle", "GET /3", 10L));
		flushLog();
		assertThat(this.log.messages()).hasSize(4);
	}

	@Test
	void stallThatIsSampledLateMovesToItsCulprit() {
		RunningStall stall = open(Stall.Kind.BLOCKING, WORK);
		lookAfter(Duration.ofSeconds(1));
		Await.until(() -> this.heard.size() == 1);
		assertThat(this.stalls.culprits()).extracting(Culprit::method).containsExactly(Culprit.UNKNOWN);
		sample(stall, STACK);
		stall.end(this.ticker.nanos());
		assertThat(this.stalls.culprits()).extracting(Culprit::method, Culprit::count, Culprit::running)
			.containsExactly(tuple("com.example.Handler.handle", 1L, 0));
	}

	@Test
	void stallEndsOnceAndTakesNoSampleAfterThat() {
		RunningStall stall = open(Stall.Kind.BLOCKING, WORK);
		this.ticker.advance(Duration.ofMillis(10));
		stall.end(this.ticker.nanos());
		this.ticker.advance(Duration.ofMillis(10));
		stall.end(this.ticker.nanos());
		sample(stall, STACK);
		assertThat(this.stalls.time(Stall.Kind.BLOCKING)).isEqualTo(Duration.ofMillis(10));
		assertThat(this.stalls.running()).isEmpty();
		assertThat(this.stalls.culprits()).extracting(Culprit::method).containsExactly(Culprit.UNKNOWN);
		assertThat(this.stalls.culprits().get(0).running()).isZero();
	}

	@Test
	void clearKeepsOnlyWhatIsStuck() {
		RunningStall stuck = open(Stall.Kind.BLOCKING, WORK);
		sample(stuck, STACK);
		open(Stall.Kind.BURNING, WorkDescription.UNKNOWN).end(this.ticker.nanos());
		this.stalls.clear();
		assertThat(this.stalls.culprits()).extracting(Culprit::method).containsExactly("com.example.Handler.handle");
		assertThat(this.stalls.culprits().get(0).lastStack()).isNotEmpty();
		stuck.end(this.ticker.nanos());
		assertThat(this.stalls.culprits().get(0).running()).isZero();
		this.stalls.clear();
		assertThat(this.stalls.culprits()).isEmpty();
		assertThat(this.stalls.count(Stall.Kind.BURNING)).isEqualTo(1);
	}

	@Test
	void stallsAreCountedByRoute() {
		open(Stall.Kind.BLOCKING, WORK).end(this.ticker.nanos());
		open(Stall.Kind.BURNING, WORK).end(this.ticker.nanos());
		open(Stall.Kind.BLOCKING, WORK);
		open(Stall.Kind.BLOCKING, WorkDescription.UNKNOWN).end(this.ticker.nanos());
		assertThat(this.stalls.routes()).containsOnly(entry("GET /", 2L));
	}

	@Test
	void routesThatComeAfterManyAreCountedTogether() {
		for (int i = 0; i < StallRecorder.MAX_ROUTES + 3; i++) {
			open(Stall.Kind.BLOCKING, new WorkDescription(null, "GET /" + i, null)).end(this.ticker.nanos());
		}
		open(Stall.Kind.BLOCKING, new WorkDescription(null, "GET /0", null)).end(this.ticker.nanos());
		assertThat(this.stalls.routes()).hasSize(StallRecorder.MAX_ROUTES + 1)
			.containsEntry("GET /0", 2L)
			.containsEntry(StallRecorder.OTHER_ROUTES, 3L);
	}

	@Test
	void contextThatThrowsLeavesAStallWithoutARoute() {
		open(Stall.Kind.BLOCKING, () -> {
			throw new IllegalStateException("expected");
		});
		assertThat(this.stalls.running().get(0).work()).isEqualTo(WorkDescription.UNKNOWN);
	}

	@Test
	void listenersAreToldAfterASecondAndAtTheEnd() {
		RunningStall stall = open(Stall.Kind.BLOCKING, WORK);
		sample(stall, STACK);
		lookAfter(Duration.ofMillis(999));
		lookAfter(Duration.ofMillis(1));
		Await.until(() -> this.heard.size() == 1);
		lookAfter(Duration.ofSeconds(5));
		stall.end(this.ticker.nanos());
		Await.until(() -> this.heard.size() == 2);
		assertThat(this.heard).extracting(Stall::running).containsExactly(true, false);
		assertThat(this.heard).extracting(Stall::duration)
			.containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(6));
		assertThat(this.heard.get(1).stack()).first().hasToString("java.lang.Thread.sleep(Native Method)");
	}

	@Test
	void workThatBecomesKnownDuringThePollIsItsWork() {
		AtomicReference<@Nullable WorkContext> current = new AtomicReference<>();
		AtomicBoolean polling = new AtomicBoolean(true);
		RunningStall named = openUnknown(current, polling);
		assertThat(named.describe()).isEqualTo(WorkDescription.UNKNOWN);
		current.set(() -> WORK);
		assertThat(named.describe()).isEqualTo(WORK);
		current.set(null);
		assertThat(named.describe()).isEqualTo(WORK);

		RunningStall late = openUnknown(current, polling);
		polling.set(false);
		current.set(() -> WORK);
		assertThat(late.describe()).isEqualTo(WorkDescription.UNKNOWN);
	}

	private RunningStall openUnknown(AtomicReference<@Nullable WorkContext> current, AtomicBoolean polling) {
		return this.stalls.open(Stall.Kind.BLOCKING, Thread.currentThread(), null,
				(stall) -> stall.lookForContext(current::get), polling::get, this.ticker.nanos(), this.ticker.nanos());
	}

	@Test
	void listenerThatThrowsOrHangsHurtsNobody() {
		CountDownLatch gate = new CountDownLatch(1);
		this.stalls = new StallRecorder(Settings.of(this.ticker, this.threads, true, (stall) -> {
			throw new IllegalStateException("expected");
		}, (stall) -> {
			this.heard.add(stall);
			Await.open(gate);
		}));
		sampleAndEnd(STACK);
		Await.until(() -> this.heard.size() == 1 && this.log.messages().size() == 2);
		for (int i = 0; i < 3000; i++) {
			sampleAndEnd(STACK);
		}
		this.ticker.advance(Duration.ofMinutes(1));
		sampleAndEnd(STACK);
		Await.until(() -> this.log.messages().stream().anyMatch((line) -> line.contains("3001 such stalls")));
		gate.countDown();
		Await.until(() -> this.heard.size() == 1025);
		this.stalls.stop();
		Await.until(() -> this.threads.alive().isEmpty());
		assertThat(this.heard).hasSize(1025);
	}

	@Test
	void culpritIsLoggedOnceAMinute() {
		for (int i = 0; i < 3; i++) {
			RunningStall stall = open(Stall.Kind.BLOCKING, WORK);
			sample(stall, STACK);
			stall.end(this.ticker.nanos());
		}
		this.ticker.advance(Duration.ofSeconds(59));
		sampleAndEnd(STACK);
		flushLog();
		assertThat(this.log.messages()).singleElement().asString().contains("Handler.java:7").doesNotContain("such");
		this.ticker.advance(Duration.ofSeconds(1));
		open(Stall.Kind.BLOCKING, WORK).end(this.ticker.nanos());
		sampleAndEnd(STACK);
		flushLog();
		assertThat(this.log.messages()).hasSize(2);
		assertThat(this.log.messages().get(1)).contains("4 such stalls since the last report");
	}

	@Test
	void stallThatLastsIsLoggedBeforeItsEndAndNotAgain() {
		RunningStall stall = open(Stall.Kind.BURNING, WORK);
		sample(stall, STACK);
		lookAfter(Duration.ofSeconds(1));
		Await.until(() -> this.log.messages().size() == 1);
		lookAfter(Duration.ofMinutes(2));
		stall.end(this.ticker.nanos());
		flushLog();
		assertThat(this.log.messages()).singleElement().asString().contains("for 1000 ms so far");
	}

	/**
	 * As it does while an application warms up.
	 */
	@Test
	void stallThatMayBeNobodysFaultIsLoggedWhenItRecurs() {
		StackTraceElement loader = new StackTraceElement("java.lang.ClassLoader", "loadClass", null, -1);
		StackTraceElement netty = new StackTraceElement("io.netty.Pipeline", "read", "Pipeline.java", 3);
		for (int i = 0; i < 5; i++) {
			sampleAndEnd(loader, FakeProbe.HANDLER, FakeProbe.POLL);
			sampleAndEnd(loader, netty, FakeProbe.POLL);
		}
		RunningStall slow = open(Stall.Kind.BLOCKING, WORK);
		sample(slow, new StackTraceElement[] { netty, FakeProbe.POLL });
		lookAfter(Duration.ofSeconds(59));
		slow.end(this.ticker.nanos());
		flushLog();
		assertThat(this.log.messages()).isEmpty();
		this.ticker.advance(Duration.ofSeconds(1));
		sampleAndEnd(loader, FakeProbe.HANDLER, FakeProbe.POLL);
		sampleAndEnd(loader, netty, FakeProbe.POLL);
		flushLog();
		assertThat(this.log.messages()).hasSize(2);
		assertThat(this.log.messages().get(0)).contains("6 such stalls", "Handler.java:7");
		assertThat(this.log.messages().get(1)).contains("7 such stalls", "called by no application code");
		assertThat(this.stalls.culprits()).extracting(Culprit::method)
			.containsExactlyInAnyOrder("com.example.Handler.handle", "io.netty.Pipeline.read");
	}

	@Test
	void whatOnlyWatchesIsNeverAccused() {
		WorkContext context = new WorkContext() {

			@Override
			public WorkDescription describe() {
				return WORK;
			}

			@Override
			public boolean isBlameless() {
				return true;
			}

		};
		for (int i = 0; i < 5; i++) {
			RunningStall stall = open(Stall.Kind.BLOCKING, context);
			sample(stall, STACK);
			lookAfter(Duration.ofMinutes(1));
			stall.end(this.ticker.nanos());
		}
		Await.until(() -> List.copyOf(this.heard).stream().filter((stall) -> !stall.running()).count() == 5);
		flushLog();
		assertThat(this.stalls.culprits()).isEmpty();
		assertThat(this.log.messages()).isEmpty();
		assertThat(this.stalls.count(Stall.Kind.BLOCKING)).isEqualTo(5);
	}

	@Test
	void ownClassesAreNeverAccused() {
		StackTraceElement park = new StackTraceElement("jdk.internal.misc.Unsafe", "park", null, -2);
		StackTraceElement own = new StackTraceElement("dev.loopline.autoconfigure.web.StrandExchange", "begin", null,
				1);
		StackTraceElement netty = new StackTraceElement("io.netty.Pipeline", "read", "Pipeline.java", 3);
		for (int i = 0; i < 5; i++) {
			sampleAndEnd(park, own, netty, FakeProbe.POLL);
			sampleAndEnd(own, netty, FakeProbe.POLL);
			sampleAndEnd(FakeProbe.POLL);
			this.ticker.advance(Duration.ofMinutes(1));
		}
		flushLog();
		assertThat(this.stalls.culprits()).isEmpty();
		assertThat(this.log.messages()).isEmpty();
		sampleAndEnd(park, FakeProbe.POLL);
		sampleAndEnd(park, own, FakeProbe.HANDLER, netty, FakeProbe.POLL);
		assertThat(this.stalls.culprits()).extracting(Culprit::method)
			.containsExactlyInAnyOrder("jdk.internal.misc.Unsafe.park", "com.example.Handler.handle");
	}

	@Test
	void stallThatLastsForAMinuteIsLoggedWhoeverIsToBlame() {
		RunningStall stall = open(Stall.Kind.BLOCKING, WORK);
		sample(stall, new StackTraceElement[] { new StackTraceElement("io.netty.A", "a", null, -1), FakeProbe.POLL });
		lookAfter(Duration.ofSeconds(1));
		Await.until(() -> this.heard.size() == 1);
		flushLog();
		assertThat(this.log.messages()).isEmpty();
		lookAfter(Duration.ofSeconds(59));
		Await.until(() -> this.log.messages().size() == 1);
		assertThat(this.log.messages().get(0)).contains("for 60000 ms so far in io.netty.A.a");
		stall.end(this.ticker.nanos());
	}

	@Test
	void nothingIsLoggedWhenTheLogIsOffOrNothingIsKnown() {
		for (int i = 0; i < 5; i++) {
			open(Stall.Kind.BLOCKING, WorkDescription.UNKNOWN).end(this.ticker.nanos());
		}
		flushLog();
		this.stalls.stop();
		this.stalls = stalls(false);
		sampleAndEnd(STACK);
		flushLog();
		assertThat(this.log.messages()).isEmpty();
	}

	/**
	 * Returns a stall that nobody looks at.
	 */
	static RunningStall stall() {
		return new RunningStall(new StallRecorder(Settings.of(Ticker.system(), Thread::new, false)),
				Stall.Kind.BLOCKING, Thread.currentThread(), null, null, () -> true, 0, Instant.EPOCH);
	}

	private StallRecorder stalls(boolean logging) {
		return new StallRecorder(Settings.of(this.ticker, this.threads, logging, this.heard::add));
	}

	private Instant lastSeen() {
		return this.stalls.culprits().get(0).lastSeen();
	}

	private RunningStall open(Stall.Kind kind, WorkDescription work) {
		return open(kind, () -> work);
	}

	private RunningStall open(Stall.Kind kind, WorkContext context) {
		return this.stalls.open(kind, Thread.currentThread(), context, (stall) -> {
		}, () -> true, this.ticker.nanos(), this.ticker.nanos());
	}

	private void sample(RunningStall stall, StackTraceElement... stack) {
		this.stalls.sampled(stall, stall.describe(), stack);
	}

	private void sampleAndEnd(StackTraceElement... stack) {
		RunningStall stall = open(Stall.Kind.BURNING, WORK);
		sample(stall, stack);
		stall.end(this.ticker.nanos());
	}

	private void lookAfter(Duration time) {
		this.ticker.advance(time);
		this.probe.sayStack(() -> new StackTraceElement[0]);
		this.stalls.tick(this.ticker.nanos(), this.probe);
	}

	private void flushLog() {
		CountDownLatch done = new CountDownLatch(1);
		this.stalls.reporter().log(done::countDown);
		Await.open(done);
	}

}
