package dev.loopline.autoconfigure.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.loopline.runtime.stall.Culprit;
import dev.loopline.runtime.stall.WorkDescription;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RuntimeHistory}.
 */
class RuntimeHistoryTests {

	private static final int LAST = RuntimeHistory.STEPS - 1;

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

	private final AtomicInteger asked = new AtomicInteger();

	private final List<Culprit> culprits = new ArrayList<>();

	private RuntimeHistory.Counters counters = new RuntimeHistory.Counters(0, 0, 0, 0, 0);

	private final RuntimeHistory history = new RuntimeHistory(() -> this.counters, () -> {
		this.asked.incrementAndGet();
		return List.copyOf(this.culprits);
	}, this.now::get);

	@Test
	void incidentIsThereForWhoLooksLater() {
		stalls(3);
		this.culprits.add(culprit("GET /a", 3));
		this.history.record();
		pass(4);
		stalls(5);
		this.culprits.set(0, culprit("GET /a", 5));
		HistoryDescriptor seen = describe();
		assertThat(seen.stalls()[LAST - 4]).isEqualTo(3);
		assertThat(seen.stalls()[LAST]).isEqualTo(2);
		HistoryDescriptor.Entry entry = seen.culprits().get(0);
		assertThat(entry.recent()).isEqualTo(5);
		assertThat(entry.steps()[LAST - 4]).isEqualTo(3);
		assertThat(entry.steps()[LAST]).isEqualTo(2);
	}

	@Test
	void quarterOfAnHourLaterNothingIsLeft() {
		stalls(3);
		this.culprits.add(culprit("GET /a", 3));
		this.history.record();
		pass(RuntimeHistory.STEPS - 1);
		assertThat(describe().stalls()[0]).isEqualTo(3);
		pass(1);
		assertThat(describe().stalls()).containsOnly(0);
		assertThat(describe().culprits()).isEmpty();
		pass(10 * RuntimeHistory.STEPS);
		assertThat(describe().stalls()).containsOnly(0);
	}

	@Test
	void nobodyAsksForCulpritsWhileNothingStalls() {
		this.history.record();
		pass(1);
		this.history.record();
		assertThat(this.asked).hasValue(0);
		stalls(1);
		this.history.record();
		this.history.record();
		this.history.record();
		assertThat(this.asked).as("once for the stall, once for who was found later").hasValue(2);
	}

	@Test
	void culpritThatIsFoundAfterItsStallWasCountedIsNoted() {
		stalls(1);
		this.history.record();
		this.culprits.add(culprit("GET /a", 1));
		this.history.record();
		assertThat(describe().culprits().get(0).recent()).isEqualTo(1);
	}

	@Test
	void counterThatBeganAnewCountsFromZero() {
		stalls(10);
		this.history.record();
		pass(1);
		stalls(2);
		assertThat(describe().stalls()[LAST]).isEqualTo(2);
	}

	@Test
	void worstOfAStepIsKept() {
		this.counters = new RuntimeHistory.Counters(0, 7, 0, 512, 40);
		this.history.record();
		this.counters = new RuntimeHistory.Counters(0, 7, 0, 1, 0);
		HistoryDescriptor seen = describe();
		assertThat(seen.busyThreads()[LAST]).isEqualTo(512);
		assertThat(seen.waiting()[LAST]).isEqualTo(40);
		assertThat(seen.refused()[LAST]).isEqualTo(7);
	}

	@Test
	void answerIsBounded() {
		stalls(200);
		IntStream.range(0, 200).forEach((i) -> this.culprits.add(culprit("GET /" + i, 1 + i)));
		List<HistoryDescriptor.Entry> shown = describe().culprits();
		assertThat(shown).hasSize(RuntimeHistory.MAX_CULPRITS);
		assertThat(shown.get(0).culprit().route()).isEqualTo("GET /199");
	}

	private void stalls(long count) {
		this.counters = new RuntimeHistory.Counters(count, 0, 0, 0, 0);
	}

	private void pass(int steps) {
		this.now.addAndGet(steps * RuntimeHistory.STEP.toNanos());
	}

	private HistoryDescriptor describe() {
		return this.history.describe(List.of(), List.of(), 0);
	}

	private static Culprit culprit(String route, long count) {
		return new Culprit("a.B.c", null, count, count, 0, 0, Duration.ofMillis(100 * count), Duration.ofMillis(100),
				Instant.EPOCH, Instant.EPOCH, new WorkDescription(null, route, null, null), List.of());
	}

}
