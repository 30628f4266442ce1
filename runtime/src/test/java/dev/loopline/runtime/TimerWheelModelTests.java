package dev.loopline.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TimerWheel} against a priority queue.
 */
class TimerWheelModelTests {

	private static final long TICK = TimerWheel.TICK_NANOS;

	private final StillRuntime still = new StillRuntime();

	private final Strand strand = this.still.newStrand();

	private final List<Entry> fired = new ArrayList<>();

	private final PriorityQueue<Entry> model = new PriorityQueue<>(
			Comparator.comparingLong(Entry::tick).thenComparingLong(Entry::number));

	private final List<Entry> live = new ArrayList<>();

	private long origin;

	private TimerWheel wheel;

	private long nowNanos;

	private long added;

	/**
	 * The bits bound how far a timer or a step may reach, in nanoseconds: 62 reach beyond
	 * the wheel.
	 */
	@ParameterizedTest
	@CsvSource({ "1, 28", "2, 34", "3, 40", "4, 46", "5, 52", "6, 55", "7, 28", "8, 46" })
	void behavesAsThePriorityQueueDoes(long seed, int bits) {
		run(seed, bits, bits, 20_000);
	}

	/**
	 * Timers of one tick may change places when they were first put beyond the wheel.
	 */
	@ParameterizedTest
	@CsvSource({ "11, 58, 48", "12, 60, 50", "13, 61, 54", "14, 60, 56" })
	void timersBeyondTheWheelFireAtTheirTick(long seed, int timerBits, int stepBits) {
		run(seed, timerBits, stepBits, 300);
	}

	private void run(long seed, int timerBits, int stepBits, int steps) {
		Random random = new Random(seed);
		this.origin = random.nextLong() >> 8;
		this.wheel = new TimerWheel(this.origin);
		this.nowNanos = this.origin;
		for (int step = 0; step < steps; step++) {
			switch (random.nextInt(6)) {
				case 0, 1, 2 -> add(distance(random, timerBits));
				case 3 -> remove(random);
				case 4 -> advance(this.nowNanos + distance(random, stepBits - 4));
				default -> advanceToTheNextDeadline();
			}
			checkNextDeadline();
		}
		while (!this.model.isEmpty()) {
			advanceToTheNextDeadline();
			checkNextDeadline();
		}
		assertThat(this.wheel.size()).isZero();
		assertThat(this.added).isGreaterThan(steps / 3);
	}

	/**
	 * As many short distances as long ones.
	 */
	private static long distance(Random random, int bits) {
		return random.nextLong() >>> (64 - 1 - random.nextInt(bits));
	}

	private void add(long distance) {
		long deadline = this.nowNanos + distance;
		long due = Math.floorDiv(deadline - this.origin + TICK - 1, TICK);
		long number = this.added++;
		Entry[] self = new Entry[1];
		StrandTimer timer = new StrandTimer(this.strand, () -> this.fired.add(self[0]), deadline);
		self[0] = new Entry(number, Math.max(nowTick() + 1, due), timer);
		this.wheel.add(timer);
		this.model.add(self[0]);
		this.live.add(self[0]);
	}

	private void remove(Random random) {
		if (!this.live.isEmpty()) {
			Entry entry = this.live.remove(random.nextInt(this.live.size()));
			this.wheel.remove(entry.timer());
			this.model.remove(entry);
		}
	}

	private void advanceToTheNextDeadline() {
		if (this.wheel.size() > 0) {
			advance(this.wheel.nextDeadlineNanos());
		}
	}

	private void advance(long nanos) {
		this.nowNanos = Math.max(this.nowNanos, nanos);
		List<Entry> expected = new ArrayList<>();
		while (!this.model.isEmpty() && this.model.element().tick() <= nowTick()) {
			expected.add(this.model.remove());
		}
		assertThat(this.wheel.advance(this.nowNanos)).isEqualTo(expected.size());
		this.still.drain();
		assertThat(this.fired).extracting(Entry::tick).isEqualTo(expected.stream().map(Entry::tick).toList());
		assertThat(this.fired).containsExactlyInAnyOrderElementsOf(expected);
		if (withinTheWheel()) {
			assertThat(this.fired).isEqualTo(expected);
		}
		this.live.removeAll(expected);
		this.fired.clear();
	}

	private boolean withinTheWheel() {
		return this.live.stream().allMatch((entry) -> entry.tick() < 1L << 35);
	}

	private void checkNextDeadline() {
		assertThat(this.wheel.size()).isEqualTo(this.model.size());
		Entry first = this.model.peek();
		if (first == null) {
			assertThat(this.wheel.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
		}
		else {
			assertThat(this.wheel.nextDeadlineNanos() - this.nowNanos).isPositive()
				.isLessThanOrEqualTo(this.origin + first.tick() * TICK - this.nowNanos);
		}
	}

	private long nowTick() {
		return (this.nowNanos - this.origin) / TICK;
	}

	private record Entry(long number, long tick, StrandTimer timer) {

	}

}
