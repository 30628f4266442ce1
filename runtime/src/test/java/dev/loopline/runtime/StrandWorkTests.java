package dev.loopline.runtime;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.loopline.runtime.stall.WorkContext;
import dev.loopline.runtime.stall.WorkDescription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link StrandInstrumentation#beginWork}.
 */
class StrandWorkTests {

	private static final WorkContext SECOND = () -> WorkDescription.UNKNOWN;

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(2)));

	private final Strand strand = this.runtime.newStrand();

	private final StrandOptions slow = StrandOptions.DEFAULTS.slowLike(this.strand).route("second");

	@AfterEach
	void endRuntime() {
		this.runtime.shutdown(Duration.ZERO, Duration.ofMillis(100));
		Await.result(this.runtime.termination());
	}

	@Test
	void workThatIsExpectedToBlockRunsBesideTheWorkersUntilOtherWorkBegins() {
		assertThat(poll(this::begin)).isEqualTo("worker");
		assertThat(StrandInstrumentation.context(this.strand)).isSameAs(SECOND);
		assertThat(this.strand.route()).isEqualTo("second");
		assertThat(poll(this::go)).isEqualTo("lane");
		assertThat(poll(this::go)).as("though the last poll was fast").isEqualTo("lane");
		assertThat(poll(() -> {
			StrandInstrumentation.beginWork(this.strand, null, StrandOptions.DEFAULTS);
			return where();
		})).isEqualTo("lane");
		assertThat(poll(this::go)).isEqualTo("worker");
		assertThat(StrandInstrumentation.context(this.strand)).isNull();
		assertThat(this.strand.route()).isNull();
	}

	@Test
	void whatIsQueuedRunsWhereTheNewWorkBelongs() {
		CompletableFuture<String> slow = new CompletableFuture<>();
		poll(() -> {
			this.strand.execute(() -> slow.complete(where()));
			return begin();
		});
		assertThat(Await.result(slow)).isEqualTo("lane");
		CompletableFuture<String> fast = new CompletableFuture<>();
		poll(() -> {
			stall();
			this.strand.execute(() -> fast.complete(where()));
			StrandInstrumentation.beginWork(this.strand, null, StrandOptions.DEFAULTS);
			return where();
		});
		assertThat(Await.result(fast)).isEqualTo("worker");
	}

	@Test
	void stallOfEarlierWorkIsNotItsOwn() {
		assertThat(poll(this::stall)).isEqualTo("worker");
		assertThat(StrandInstrumentation.hasStalled(this.strand)).isTrue();
		poll(this::begin);
		assertThat(StrandInstrumentation.hasStalled(this.strand)).isFalse();
		poll(this::stall);
		assertThat(StrandInstrumentation.hasStalled(this.strand)).isTrue();
	}

	@Test
	void stallOfThePollInWhichItBeginsBesideTheWorkersIsNotItsOwn() {
		poll(this::begin);
		poll(() -> {
			stall();
			begin();
			assertThat(StrandInstrumentation.hasStalled(this.strand)).isFalse();
			return where();
		});
		assertThat(StrandInstrumentation.hasStalled(this.strand)).isFalse();
		assertThat(poll(this::stall)).isEqualTo("lane");
		assertThat(StrandInstrumentation.hasStalled(this.strand)).isTrue();
	}

	@Test
	void onlyTheStrandItselfBeginsOtherWork() {
		assertThatIllegalStateException().isThrownBy(this::begin);
	}

	private String begin() {
		StrandInstrumentation.beginWork(this.strand, SECOND, this.slow);
		return where();
	}

	private String go() {
		return where();
	}

	private String stall() {
		String where = where();
		Await.until(() -> !Boolean.FALSE.equals(StrandInstrumentation.hasStalled(this.strand))
				&& StrandInstrumentation.hasStalled(this.strand) != null);
		return where;
	}

	private String poll(Supplier<String> part) {
		CompletableFuture<String> result = new CompletableFuture<>();
		this.strand.execute(() -> {
			try {
				result.complete(part.get());
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		});
		String where = Await.result(result);
		Await.until(this.strand::isIdle);
		return where;
	}

	private static String where() {
		return (SlowLane.current() != null) ? "lane" : "worker";
	}

}
