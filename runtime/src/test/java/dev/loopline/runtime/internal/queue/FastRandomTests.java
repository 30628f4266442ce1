package dev.loopline.runtime.internal.queue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FastRandom}.
 */
class FastRandomTests {

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 7, 1024, Integer.MAX_VALUE })
	void numbersAreWithinTheBound(int bound) {
		FastRandom random = new FastRandom(bound);
		for (int i = 0; i < 10_000; i++) {
			assertThat(random.nextInt(bound)).isBetween(0, bound - 1);
		}
	}

	/**
	 * Seven standard deviations of a fair generator, and the sequence is fixed.
	 */
	@Test
	void numbersAreSpreadEvenly() {
		FastRandom random = new FastRandom(42);
		int[] counts = new int[8];
		for (int i = 0; i < 80_000; i++) {
			counts[random.nextInt(counts.length)]++;
		}
		for (int count : counts) {
			assertThat(count).isBetween(9_340, 10_660);
		}
	}

	@Test
	void sameSeedGivesTheSameSequence() {
		FastRandom one = new FastRandom(7);
		FastRandom other = new FastRandom(7);
		for (int i = 0; i < 1_000; i++) {
			assertThat(one.nextInt(1 << 20)).isEqualTo(other.nextInt(1 << 20));
		}
	}

	@Test
	void neighbouringSeedsGiveDifferentSequences() {
		FastRandom one = new FastRandom(7);
		FastRandom other = new FastRandom(8);
		int equal = 0;
		for (int i = 0; i < 1_000; i++) {
			equal += (one.nextInt(1 << 20) == other.nextInt(1 << 20)) ? 1 : 0;
		}
		assertThat(equal).isLessThan(10);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1, 0x1_0000_0001L })
	void everySeedGivesASequenceThatMoves(long seed) {
		FastRandom random = new FastRandom(seed);
		int first = random.nextInt(1 << 30);
		assertThat(random.nextInt(1 << 30)).isNotEqualTo(first);
	}

}
