package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import dev.loopline.runtime.stall.Culprit;
import dev.loopline.runtime.stall.Stall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for strands that block on virtual threads of the workers.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTests {

	private static final int MANY = 1_000;

	private TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig
		.of((builder) -> builder.workers(1).applicationPackages(List.of(VirtualThreadsTests.class.getPackageName()))));

	private final CountDownLatch gate = new CountDownLatch(1);

	@AfterEach
	void endRuntime() {
		this.gate.countDown();
		this.runtime.close();
	}

	@Test
	void manyThatBlockTakeNoThread() {
		CountDownLatch started = new CountDownLatch(MANY);
		CountDownLatch ended = new CountDownLatch(MANY);
		List<Object> wrong = Collections.synchronizedList(new ArrayList<>());
		for (int i = 0; i < MANY; i++) {
			Strand strand = strand("GET /slow", Strand.Pace.BLOCKING);
			strand.execute(() -> {
				started.countDown();
				Await.open(this.gate);
				if (!strand.isCurrent() || Strand.current() != strand || TaskRuntime.current() != this.runtime
						|| RuntimeThreads.mayBlock()) {
					wrong.add(strand);
				}
				ended.countDown();
			});
		}
		Await.open(started);
		RuntimeSnapshot snapshot = this.runtime.diagnostics().snapshot();
		assertThat(snapshot.lane().carriers()).isEqualTo(BlockingCarriers.WORKERS);
		assertThat(snapshot.lane().virtualThreads()).isEqualTo(MANY);
		assertThat(snapshot.blocking().threads()).isZero();
		this.gate.countDown();
		Await.open(ended);
		Await.until(() -> lane().virtualThreads() == 0);
		assertThat(wrong).isEmpty();
		assertThat(lane().isIdle()).isTrue();
	}

	@Test
	void whatWaitsIsAStallThatIsKnownToWait() {
		Strand strand = strand("GET /slow", Strand.Pace.BLOCKING);
		strand.execute(() -> Await.open(this.gate));
		Await.until(() -> stalls(Stall.Kind.BLOCKING) == 1);
		Await.until(() -> this.runtime.diagnostics().stalls().culprits().stream().anyMatch((c) -> c.frame() != null));
		this.gate.countDown();
		Await.until(() -> strand.stalls() == 1);
		assertThat(this.runtime.diagnostics().stalls().culprits()).extracting(Culprit::method)
			.containsExactly(Await.class.getName() + ".open");
		assertThat(strand.pace()).isEqualTo(Strand.Pace.BLOCKING);
		assertThat(handoffs()).isZero();
	}

	@Test
	void whatEndsInTimeIsFastAfterwards() {
		Strand strand = strand("GET /quick", Strand.Pace.BLOCKING);
		CountDownLatch ended = new CountDownLatch(1);
		strand.execute(ended::countDown);
		Await.open(ended);
		Await.until(strand::isFast);
		assertThat(stalls(Stall.Kind.BLOCKING)).isZero();
	}

	@Test
	void whatBurnsLosesItsWorkerAndItsRouteGoesElsewhereSoon() {
		for (int i = 0; i < 2; i++) {
			Strand strand = strand("GET /burn", Strand.Pace.BLOCKING);
			CountDownLatch over = new CountDownLatch(1);
			strand.execute(() -> {
				burnUntilHandedOff(strand);
				over.countDown();
			});
			Await.open(over);
		}
		assertThat(stalls(Stall.Kind.BURNING)).isEqualTo(2);
		CompletableFuture<Thread> thread = new CompletableFuture<>();
		strand("GET /burn", Strand.Pace.BLOCKING).execute(() -> thread.complete(Thread.currentThread()));
		assertThat(RuntimeThreads.contains(Await.result(thread))).isTrue();
		CompletableFuture<Thread> other = new CompletableFuture<>();
		strand("GET /other", Strand.Pace.BLOCKING).execute(() -> other.complete(Thread.currentThread()));
		assertThat(Await.result(other).getName()).startsWith("loopline-virtual-");
	}

	/** It waits below a native frame, which a virtual thread cannot leave. */
	@Test
	void pinnedOneIsRescuedLikeAnyOtherThatKeepsItsWorker() {
		Pinned.gate = this.gate;
		Strand strand = strand("GET /pinned", Strand.Pace.BLOCKING);
		strand.execute(Pinned::touch);
		CountDownLatch other = new CountDownLatch(1);
		Await.until(() -> strand.handoffs() == 1);
		this.runtime.execute(other::countDown);
		Await.open(other);
	}

	@Test
	void threadsThatAreMadeWithinRunOnWorkersAndMayOutliveTheirMaker() throws Exception {
		CompletableFuture<ExecutorService> made = new CompletableFuture<>();
		CompletableFuture<Boolean> ran = new CompletableFuture<>();
		CountDownLatch makerIsOver = new CountDownLatch(1);
		strand("GET /maker", Strand.Pace.BLOCKING).execute(() -> {
			try {
				ExecutorService executor = (ExecutorService) Executors.class
					.getMethod("newVirtualThreadPerTaskExecutor")
					.invoke(null);
				executor.execute(() -> {
					Await.open(this.gate);
					ran.complete(Strand.current() == null);
				});
				made.complete(executor);
			}
			catch (ReflectiveOperationException ex) {
				made.completeExceptionally(ex);
			}
			makerIsOver.countDown();
		});
		Await.open(makerIsOver);
		Await.until(() -> lane().virtualThreads() == 0);
		this.gate.countDown();
		assertThat(Await.result(ran)).isTrue();
		Await.result(made).shutdown();
	}

	@Test
	void oneThatStillWaitsAtTheEndIsLeftBehindAndGoesOnWhenItCan() {
		CompletableFuture<String> ended = waitAtTheGate();
		this.runtime.shutdown(Duration.ZERO, Duration.ofMillis(50));
		Await.result(this.runtime.termination());
		this.gate.countDown();
		assertThat(Await.result(ended)).isEqualTo("ended");
	}

	@Test
	void endWaitsForThoseThatEndInTime() {
		CompletableFuture<String> ended = waitAtTheGate();
		this.runtime.shutdown(Duration.ZERO, Duration.ofSeconds(10));
		this.gate.countDown();
		Await.result(this.runtime.termination());
		assertThat(ended).isCompleted();
	}

	@Test
	void noMoreThanTheLimitRunAtATime() {
		this.runtime.close();
		this.runtime = TaskRuntime
			.start(TaskRuntimeConfig.of((builder) -> builder.workers(1).blockingOn(BlockingThreads.AUTO, 2)));
		CountDownLatch ended = new CountDownLatch(5);
		for (int i = 0; i < 5; i++) {
			strand("GET /slow", Strand.Pace.BLOCKING).execute(() -> {
				Await.open(this.gate);
				ended.countDown();
			});
		}
		Await.until(() -> lane().depth() == 3);
		assertThat(lane().virtualThreads()).isEqualTo(2);
		this.gate.countDown();
		Await.open(ended);
	}

	@Test
	void platformThreadsAreThereForThoseWhoWantThem() {
		this.runtime.close();
		this.runtime = TaskRuntime
			.start(TaskRuntimeConfig.of((builder) -> builder.workers(1).blockingOn(BlockingThreads.PLATFORM, 0)));
		CompletableFuture<Thread> thread = new CompletableFuture<>();
		strand("GET /slow", Strand.Pace.BLOCKING).execute(() -> thread.complete(Thread.currentThread()));
		assertThat(RuntimeThreads.contains(Await.result(thread))).isTrue();
		assertThat(Await.result(thread).getName()).doesNotContain("virtual");
	}

	/**
	 * Starts a strand and returns when it waits.
	 */
	private CompletableFuture<String> waitAtTheGate() {
		CountDownLatch started = new CountDownLatch(1);
		CompletableFuture<String> ended = new CompletableFuture<>();
		strand("GET /slow", Strand.Pace.BLOCKING).execute(() -> {
			started.countDown();
			Await.open(this.gate);
			ended.complete("ended");
		});
		Await.open(started);
		return ended;
	}

	private Strand strand(String route, Strand.Pace pace) {
		Strand strand = this.runtime.newStrand(StrandOptions.DEFAULTS.route(route));
		strand.setPace(pace);
		return strand;
	}

	private static void burnUntilHandedOff(Strand strand) {
		while (strand.handoffs() == 0) {
			Thread.onSpinWait();
		}
	}

	private SlowLane lane() {
		return this.runtime.scheduler().slowLane();
	}

	private long stalls(Stall.Kind kind) {
		return this.runtime.diagnostics().snapshot().stalls().counts().get(kind);
	}

	private long handoffs() {
		return this.runtime.diagnostics().snapshot().handoffs().count();
	}

	/**
	 * A class whose initialization waits.
	 */
	private static final class Pinned {

		private static CountDownLatch gate = new CountDownLatch(0);

		static void touch() {
			Slow.touch();
		}

		private static final class Slow {

			static {
				Await.open(gate);
			}

			static void touch() {
			}

		}

	}

}
