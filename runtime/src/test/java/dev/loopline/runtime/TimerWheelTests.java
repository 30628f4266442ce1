package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TimerWheel}.
 */
class TimerWheelTests {

	private static final long ORIGIN = 123_456_789;

	private static final long TICK = TimerWheel.TICK_NANOS;

	private final StillRuntime still = new StillRuntime();

	private final Strand strand = this.still.newStrand();

	private final TimerWheel wheel = new TimerWheel(ORIGIN);

	private final List<String> fired = new ArrayList<>();

	@Test
	void emptyWheelHasNoDeadline() {
		assertThat(this.wheel.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
		assertThat(this.wheel.advance(ORIGIN + 1_000 * TICK)).isZero();
		assertThat(this.wheel.size()).isZero();
	}

	/**
	 * The edges of every level: a slot of level n spans 64^n ticks.
	 */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 63, 64, 65, 127, 128, 4_095, 4_096, 4_097, 262_143, 262_144, 262_145, 16_777_215,
			16_777_216, 16_777_217, 1_073_741_823, 1_073_741_824, 1_073_741_825, 68_719_476_735L, 68_719_476_736L,
			68_719_476_737L, 1_000_000_000_000L })
	void firesAtItsTickWhereverTheWheelStands(long ticks) {
		long now = 0;
		for (long start : new long[] { 0, 1, 63, 64, 4_095, 1L << 30, (1L << 36) - 1, (1L << 36) + 5 }) {
			now = Math.max(now, start);
			advanceTo(now);
			add("timer", now + ticks);
			assertThat(this.wheel.nextDeadlineNanos()).isBetween(at(now + 1), at(now + ticks));
			advanceTo(now + ticks - 1);
			assertFired();
			now += ticks;
			advanceTo(now);
			assertFired("timer");
			assertThat(this.wheel.size()).isZero();
			this.fired.clear();
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 100, 5_000, 300_000, 20_000_000, 2_000_000_000, 100_000_000_000L })
	void cascadesDownByItsOwnDeadlines(long ticks) {
		advanceTo(77);
		add("timer", 77 + ticks);
		int steps = 0;
		while (this.wheel.size() > 0) {
			assertFired();
			this.wheel.advance(this.wheel.nextDeadlineNanos());
			steps++;
		}
		collect();
		assertFired("timer");
		assertThat(steps).isLessThanOrEqualTo(8);
	}

	@Test
	void deadlineBetweenTwoTicksFiresAtTheLaterOne() {
		this.wheel.add(timer("timer", at(5) + 1));
		advanceTo(5);
		assertFired();
		this.wheel.advance(at(6) - 1);
		collect();
		assertFired();
		advanceTo(6);
		assertFired("timer");
	}

	@Test
	void timerThatIsDueFiresAtTheNextTick() {
		advanceTo(10);
		add("past", 3);
		add("present", 10);
		advanceTo(10);
		assertFired();
		advanceTo(11);
		assertFired("past", "present");
	}

	@Test
	void deadlineBeforeTheOriginFiresAtTheNextTick() {
		this.wheel.add(timer("timer", -5 * TICK));
		advanceTo(1);
		assertFired("timer");
	}

	@Test
	void firesInTheOrderOfTicksInOneAdvance() {
		add("d", 100_000);
		add("b", 70);
		add("c", 5_000);
		add("a", 3);
		assertThat(this.wheel.advance(at(200_000))).isEqualTo(4);
		collect();
		assertFired("a", "b", "c", "d");
	}

	@Test
	void timersOfOneTickFireInTheOrderOfTheirArming() {
		add("a", 5_000);
		advanceTo(4_970);
		add("b", 5_000);
		advanceTo(4_999);
		add("c", 5_000);
		advanceTo(5_000);
		assertFired("a", "b", "c");
	}

	@Test
	void removedTimerNeverFires() {
		StrandTimer timer = timer("removed", at(100));
		this.wheel.add(timer);
		add("other", 100);
		assertThat(this.wheel.size()).isEqualTo(2);
		this.wheel.remove(timer);
		assertThat(this.wheel.size()).isEqualTo(1);
		advanceTo(100);
		assertFired("other");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void anyTimerOfASlotIsRemoved(int removed) {
		List<StrandTimer> timers = new ArrayList<>();
		for (String name : List.of("a", "b", "c")) {
			timers.add(timer(name, at(7)));
			this.wheel.add(timers.get(timers.size() - 1));
		}
		this.wheel.remove(timers.get(removed));
		add("d", 7);
		List<String> expected = new ArrayList<>(List.of("a", "b", "c", "d"));
		expected.remove(removed);
		advanceTo(7);
		assertThat(this.fired).isEqualTo(expected);
	}

	@Test
	void removingTheLastTimerFreesTheSlot() {
		StrandTimer timer = timer("timer", at(7));
		this.wheel.add(timer);
		this.wheel.remove(timer);
		assertThat(this.wheel.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
		this.wheel.remove(timer);
		assertThat(this.wheel.size()).isZero();
	}

	@Test
	void cancelledTimerLeavesTheWheelWithoutFiring() {
		StrandTimer timer = timer("timer", at(7));
		this.wheel.add(timer);
		timer.cancel();
		assertThat(this.wheel.advance(at(7))).isEqualTo(1);
		collect();
		assertFired();
	}

	@Test
	void clearCancelsEveryTimer() {
		add("near", 1);
		add("far", 1_000_000);
		this.wheel.clear();
		assertThat(this.wheel.size()).isZero();
		assertThat(this.wheel.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
		advanceTo(2_000_000);
		assertFired();
	}

	@Test
	void timeThatStandsStillFiresNothingTwice() {
		add("timer", 1);
		advanceTo(1);
		advanceTo(1);
		advanceTo(0);
		assertFired("timer");
	}

	@Test
	void latestDeadlineOfAllIsNotEarly() {
		TimerWheel wheel = new TimerWheel(0);
		wheel.add(timer("never", Long.MAX_VALUE));
		wheel.advance(Duration.ofDays(1_000).toNanos());
		collect();
		assertFired();
		assertThat(wheel.size()).isEqualTo(1);
	}

	/**
	 * What lies beyond the wheel shares a slot of the top level with the present.
	 */
	@Test
	void timerBeyondTheWheelDoesNotHideANearerOne() {
		advanceTo(5);
		long month = Duration.ofDays(30).toMillis();
		add("beyond", 1L << 38);
		add("month", month);
		assertThat(this.wheel.nextDeadlineNanos()).isLessThanOrEqualTo(at(month));
		advanceTo(month);
		assertFired("month");
		advanceTo((1L << 38) - 1);
		assertFired("month");
		advanceTo(1L << 38);
		assertFired("month", "beyond");
	}

	private void add(String name, long tick) {
		this.wheel.add(timer(name, at(tick)));
	}

	private StrandTimer timer(String name, long deadlineNanos) {
		return new StrandTimer(this.strand, () -> this.fired.add(name), deadlineNanos);
	}

	private void advanceTo(long tick) {
		this.wheel.advance(at(tick));
		collect();
	}

	private void collect() {
		this.still.drain();
	}

	private void assertFired(String... names) {
		assertThat(this.fired).containsExactly(names);
	}

	private static long at(long tick) {
		return ORIGIN + tick * TICK;
	}

}
