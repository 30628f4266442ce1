package dev.loopline.runtime;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import dev.loopline.runtime.stall.Stall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for strands that block on virtual threads of the JDK. Run once more in a JVM that
 * does not open its packages, where there are some.
 */
@EnabledForJreRange(min = JRE.JAVA_24)
class JdkSchedulerTests {

	private static final int MANY = 1_000;

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)));

	private final CountDownLatch gate = new CountDownLatch(1);

	@BeforeEach
	void assumeThatPackagesAreClosed() {
		Assumptions.assumeFalse(Object.class.getModule().isOpen("java.lang", JdkSchedulerTests.class.getModule()));
	}

	@AfterEach
	void endRuntime() {
		this.gate.countDown();
		this.runtime.close();
	}

	@Test
	void manyThatBlockTakeNoThread() {
		CountDownLatch started = new CountDownLatch(MANY);
		CountDownLatch ended = new CountDownLatch(MANY);
		for (int i = 0; i < MANY; i++) {
			strand().execute(() -> {
				started.countDown();
				Await.open(this.gate);
				ended.countDown();
			});
		}
		Await.open(started);
		RuntimeSnapshot snapshot = this.runtime.diagnostics().snapshot();
		assertThat(snapshot.lane().carriers()).isEqualTo(BlockingCarriers.JDK_SCHEDULER);
		assertThat(snapshot.lane().virtualThreads()).isEqualTo(MANY);
		assertThat(snapshot.blocking().threads()).isZero();
		this.gate.countDown();
		Await.open(ended);
		Await.until(() -> this.runtime.scheduler().slowLane().isIdle());
	}

	@Test
	void whatWaitsIsAStallThatIsKnownToWait() {
		Strand strand = strand();
		strand.execute(() -> Await.open(this.gate));
		Await.until(() -> this.runtime.diagnostics().snapshot().stalls().counts().get(Stall.Kind.BLOCKING) == 1);
		this.gate.countDown();
		Await.until(() -> strand.stalls() == 1);
		assertThat(strand.pace()).isEqualTo(Strand.Pace.BLOCKING);
	}

	@Test
	void endWaitsForThoseThatEndInTime() {
		CountDownLatch started = new CountDownLatch(1);
		CompletableFuture<String> ended = new CompletableFuture<>();
		strand().execute(() -> {
			started.countDown();
			Await.open(this.gate);
			ended.complete("ended");
		});
		Await.open(started);
		this.gate.countDown();
		this.runtime.close();
		assertThat(ended).isCompleted();
	}

	private Strand strand() {
		Strand strand = this.runtime.newStrand(StrandOptions.DEFAULTS.route("GET /slow"));
		strand.setPace(Strand.Pace.BLOCKING);
		return strand;
	}

}
