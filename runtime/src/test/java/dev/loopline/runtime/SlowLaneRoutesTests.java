package dev.loopline.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.loopline.runtime.stall.StallLog;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what routes get of the {@link SlowLane} whose handlers block, some of them
 * for ever.
 */
class SlowLaneRoutesTests {

	private static final int THREADS = 3;

	private final CountDownLatch gate = new CountDownLatch(1);

	private TaskRuntime runtime;

	@AfterEach
	void endRuntime() {
		this.gate.countDown();
		this.runtime.close();
	}

	@Test
	void routeThatHangsDoesNotKeepAnotherOneFromItsThreads() {
		start();
		hang("hangs", 100);
		Await.until(() -> this.runtime.diagnostics().snapshot().lane().depth() == 100 - THREADS);
		for (int i = 0; i < 10; i++) {
			run("other");
		}
		assertThat(this.runtime.diagnostics().snapshot().handoffs().exhaustions()).isZero();
	}

	@Test
	void strandThatIsNoRequestsHasALineOfItsOwn() {
		start();
		hang("hangs", 100);
		Strand strand = this.runtime.newStrand(StrandOptions.DEFAULTS.blocking());
		CountDownLatch ran = new CountDownLatch(1);
		strand.execute(ran::countDown);
		Await.open(ran);
	}

	@Test
	void workersAreHandedOffAlthoughRoutesHangThatAreKnownToBlock() {
		start();
		hang("hangs", 100);
		hang("hangs, too", 100);
		for (int i = 0; i < 2; i++) {
			CountDownLatch inside = new CountDownLatch(1);
			this.runtime.newStrand().execute(() -> {
				inside.countDown();
				Await.open(this.gate);
			});
			Await.open(inside);
			CountDownLatch ran = new CountDownLatch(1);
			this.runtime.newStrand().execute(ran::countDown);
			Await.open(ran);
		}
		Await.until(() -> this.runtime.diagnostics().snapshot().handoffs().count() == 2);
		assertThat(this.runtime.diagnostics().snapshot().handoffs().exhaustions()).isZero();
		assertThat(this.runtime.diagnostics().snapshot().handoffs().exhaustedFor()).isZero();
	}

	@Test
	void threadGoesOnWithWhatWaitsAndJobsHaveTheirTurn() {
		start();
		List<CountDownLatch> ran = new ArrayList<>();
		hang("hangs", THREADS);
		Await.until(() -> this.runtime.diagnostics().snapshot().lane().admissions() == THREADS);
		for (int i = 0; i < 5; i++) {
			CountDownLatch job = new CountDownLatch(1);
			ran.add(job);
			this.runtime.spawnBlocking("job", () -> {
				job.countDown();
				return "done";
			});
			CountDownLatch request = new CountDownLatch(1);
			ran.add(request);
			blocking("hangs").execute(request::countDown);
		}
		Await.until(() -> this.runtime.diagnostics().snapshot().lane().depth() == 5);
		this.gate.countDown();
		ran.forEach(Await::open);
		Await.until(this.runtime.scheduler().slowLane()::isIdle);
		assertThat(this.runtime.scheduler().slowLane().lines()).isZero();
	}

	@Test
	void strandThatIsWithdrawnNeedsNoThread() {
		start();
		hang("hangs", 50);
		List<Strand> withdrawn = new ArrayList<>();
		CountDownLatch ran = new CountDownLatch(50);
		CountDownLatch beside = new CountDownLatch(1);
		for (int i = 0; i < 50; i++) {
			Strand strand = blocking("hangs");
			withdrawn.add(strand);
			strand.execute(() -> {
				if (!RuntimeThreads.isWorker()) {
					beside.countDown();
				}
				ran.countDown();
			});
		}
		assertThat(withdrawn.get(0).waitingAlike()).isBetween(0, 100);
		withdrawn.forEach(Strand::withdraw);
		Await.open(ran);
		assertThat(beside.getCount()).isOne();
		Await.until(() -> withdrawn.get(0).waitingAlike() == 50 - THREADS);
		assertThat(this.runtime.newStrand().waitingAlike()).isZero();
	}

	private void start() {
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)
			.blockingThreads(THREADS)
			.blockingOn(BlockingThreads.PLATFORM, 0)
			.stallLog(StallLog.OFF)));
	}

	private void hang(String route, int strands) {
		for (int i = 0; i < strands; i++) {
			blocking(route).execute(() -> Await.open(this.gate));
		}
	}

	private void run(String route) {
		CountDownLatch ran = new CountDownLatch(1);
		blocking(route).execute(ran::countDown);
		Await.open(ran);
	}

	private Strand blocking(String route) {
		return this.runtime.newStrand(StrandOptions.DEFAULTS.blocking().route(route));
	}

}
