package dev.loopline.runtime.internal.stall;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.loopline.runtime.Await;
import dev.loopline.runtime.FakeProbe;
import dev.loopline.runtime.FakeTicker;
import dev.loopline.runtime.NamedThreads;
import dev.loopline.runtime.stall.Culprit;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkContext;
import dev.loopline.runtime.stall.WorkDescription;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StallSampler}.
 */
class StallSamplerTests {

	private static final Duration REFILL = Duration.ofMillis(100);

	private final FakeTicker ticker = new FakeTicker();

	private final FakeProbe probe = new FakeProbe();

	private final AtomicBoolean polling = new AtomicBoolean(true);

	private final NamedThreads threads = new NamedThreads();

	private final StallRecorder stalls = new StallRecorder(Settings.of(this.ticker, this.threads, false));

	@AfterEach
	void end() {
		stop();
	}

	@Test
	void stackIsTakenOnceAndNamesTheCulprit() {
		open("/a");
		look();
		Await.until(() -> !this.stalls.running().get(0).stack().isEmpty());
		assertThat(this.stalls.running().get(0).culprit()).isEqualTo(FakeProbe.HANDLER);
		look();
		stop();
		assertThat(this.probe.samples()).isEqualTo(1);
	}

	@Test
	void stackOfALastingStallIsTakenOnceMore() {
		StackTraceElement other = new StackTraceElement("com.example.Other", "load", null, -1);
		this.probe.sayStack(() -> new StackTraceElement[] { other, FakeProbe.POLL });
		open("/a");
		look();
		Await.until(() -> other.equals(this.stalls.running().get(0).culprit()));
		this.probe.sayStack(() -> new StackTraceElement[] { FakeProbe.HANDLER, FakeProbe.POLL });
		this.ticker.advance(Duration.ofMillis(500).minusNanos(1));
		look();
		this.ticker.advance(Duration.ofNanos(1));
		look();
		Await.until(() -> FakeProbe.HANDLER.equals(this.stalls.running().get(0).culprit()));
		assertThat(this.stalls.culprits()).filteredOn((culprit) -> culprit.running() > 0)
			.extracting(Culprit::method)
			.containsExactly("com.example.Handler.handle");
		this.ticker.advance(Duration.ofSeconds(29));
		look();
		stop();
		assertThat(this.probe.samples()).isEqualTo(2);
	}

	@Test
	void budgetIsTenStacksAndTenMoreASecond() {
		for (int i = 0; i < 30; i++) {
			open("/" + i);
		}
		look();
		Await.until(() -> this.probe.samples() == 10);
		this.ticker.advance(REFILL.minusNanos(1));
		look();
		this.ticker.advance(Duration.ofNanos(1));
		look();
		Await.until(() -> this.probe.samples() == 11);
		stop();
		assertThat(this.probe.samples()).isEqualTo(11);
	}

	@Test
	void halfOfTheBudgetIsKeptForWhatWasNeverSampled() {
		open("/known");
		look();
		Await.until(() -> this.probe.samples() == 1);
		for (int i = 0; i < 20; i++) {
			open("/known");
		}
		open("/new");
		look();
		Await.until(() -> this.stalls.running().stream().filter((stall) -> !stall.stack().isEmpty()).count() == 6);
		assertThat(this.stalls.running().get(21).stack()).isNotEmpty();
		this.ticker.advance(REFILL);
		look();
		this.ticker.advance(REFILL);
		look();
		Await.until(() -> this.probe.samples() == 7);
		stop();
		assertThat(this.probe.samples()).isEqualTo(7);
	}

	@Test
	void stallsThatHaveEndedAreNotKept() {
		open("/known");
		look();
		Await.until(() -> this.probe.samples() == 1);
		List<WeakReference<RunningStall>> stalls = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			RunningStall stall = open("/known");
			stalls.add(new WeakReference<>(stall));
			look();
			stall.end(this.ticker.nanos());
		}
		Await.until(() -> {
			System.gc();
			return stalls.stream().filter((stall) -> stall.get() != null).count() <= StallSampler.KNOWN;
		});
	}

	@Test
	void stallsOfARouteThatIsKnownAreNotDescribedWhileNobodyLooksAtThem() {
		AtomicInteger descriptions = new AtomicInteger();
		WorkContext context = () -> {
			descriptions.incrementAndGet();
			return new WorkDescription(null, "GET /known", null);
		};
		open(context, "GET /known");
		look();
		Await.until(() -> this.stalls.requestOf("GET /known") != null);
		List<RunningStall> others = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			others.add(open(context, "GET /known"));
			look();
		}
		stop();
		assertThat(descriptions.get()).isLessThan(50);
		others.forEach((stall) -> stall.end(this.ticker.nanos()));
		assertThat(this.stalls.culprits()).extracting((culprit) -> culprit.lastWork().route())
			.containsOnly("GET /known");
		assertThat(this.stalls.culprits().stream().mapToLong(Culprit::count).sum()).isEqualTo(101);
	}

	@Test
	void stackOfAThreadThatHasGoneOnIsDropped() {
		RunningStall stall = open("/a");
		this.probe.sayStack(() -> {
			stall.end(this.ticker.nanos());
			return new StackTraceElement[] { FakeProbe.HANDLER, FakeProbe.POLL };
		});
		look();
		Await.until(() -> this.stalls.running().isEmpty());
		stop();
		assertThat(this.stalls.culprits()).extracting(Culprit::method).containsExactly(Culprit.UNKNOWN);
	}

	/**
	 * As it is when there was no spare thread: the monitor ends the stall, later.
	 */
	@Test
	void stackOfAPollAfterTheOneThatStalledIsDropped() {
		open("/a");
		this.probe.sayStack(() -> {
			this.polling.set(false);
			return new StackTraceElement[] { FakeProbe.HANDLER, FakeProbe.POLL };
		});
		look();
		Await.until(() -> this.probe.samples() == 1);
		open("/b");
		look();
		stop();
		assertThat(this.probe.samples()).isEqualTo(1);
		assertThat(this.stalls.running()).allMatch((stall) -> stall.stack().isEmpty());
	}

	@Test
	void stackOfOtherWorkInTheSamePollIsDropped() {
		AtomicReference<String> route = new AtomicReference<>("/a");
		open(() -> new WorkDescription(null, route.get(), null));
		this.probe.sayStack(() -> {
			route.set("/b");
			return new StackTraceElement[] { FakeProbe.HANDLER, FakeProbe.POLL };
		});
		look();
		Await.until(() -> this.probe.samples() == 1);
		stop();
		assertThat(this.stalls.running().get(0).stack()).isEmpty();
	}

	@Test
	void stackThatIsNotOfAPollIsDropped() {
		open("/a");
		this.probe.sayStack(() -> new StackTraceElement[] { FakeProbe.HANDLER });
		look();
		Await.until(() -> this.probe.samples() == 1);
		stop();
		assertThat(this.stalls.running().get(0).stack()).isEmpty();
	}

	@Test
	void stallThatIsOverCostsNothing() {
		open("/a").end(this.ticker.nanos());
		open("/b");
		look();
		Await.until(() -> this.stalls.running().stream().noneMatch((stall) -> stall.stack().isEmpty()));
		stop();
		assertThat(this.probe.samples()).isEqualTo(1);
	}

	@Test
	void failureIsSurvived() {
		open("/a");
		this.probe.sayStack(() -> {
			throw new IllegalStateException("expected");
		});
		look();
		Await.until(() -> this.probe.samples() == 1);
		this.probe.sayStack(() -> new StackTraceElement[] { FakeProbe.HANDLER, FakeProbe.POLL });
		open("/b");
		Await.until(() -> {
			look();
			return this.stalls.culprits().size() == 1;
		});
	}

	private RunningStall open(String route) {
		return open(() -> new WorkDescription(null, route, null));
	}

	private RunningStall open(WorkContext context) {
		return open(context, null);
	}

	private RunningStall open(WorkContext context, @Nullable Object route) {
		return this.stalls.open(Stall.Kind.BLOCKING, Thread.currentThread(), context, route, (stall) -> {
		}, this.polling::get, this.ticker.nanos(), this.ticker.nanos());
	}

	private void look() {
		this.stalls.tick(this.ticker.nanos(), this.probe);
	}

	private void stop() {
		this.stalls.stop();
		Await.until(() -> this.threads.alive().isEmpty());
	}

}
