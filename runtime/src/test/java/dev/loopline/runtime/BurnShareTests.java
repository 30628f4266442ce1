package dev.loopline.runtime;

import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BurnShare}.
 */
class BurnShareTests {

	private static final long MILLI = 1_000_000;

	private static final long SECOND = 1_000 * MILLI;

	@Test
	void allProcessorsMayBurnWhileNothingWaits() {
		BurnShare share = new BurnShare(0.5, () -> 4, 0);
		share.update(SECOND, false, 4 * SECOND);
		assertThat(share.permits(SECOND)).isEqualTo(4);
		assertThat(share.isSpent()).isFalse();
	}

	@Test
	void halfOfTheProcessorsMayBurnWhileWorkWaits() {
		BurnShare share = new BurnShare(0.5, () -> 4, 0);
		share.update(0, true, 0);
		assertThat(share.permits(0)).isEqualTo(2);
		assertThat(share.permits(BurnShare.MEMORY_NANOS - 1)).isEqualTo(2);
		assertThat(share.permits(BurnShare.MEMORY_NANOS)).isEqualTo(4);
	}

	@Test
	void shareFollowsTheProcessors() {
		AtomicInteger processors = new AtomicInteger(8);
		BurnShare share = new BurnShare(0.5, processors::get, 0);
		processors.set(2);
		assertThat(share.permits(0)).isEqualTo(2);
		share.update(0, true, 0);
		assertThat(share.permits(0)).isOne();
		share.update(0, true, 50 * MILLI);
		assertThat(share.isSpent()).isTrue();
		share.update(10 * MILLI, true, 9 * MILLI);
		assertThat(share.isSpent()).isFalse();
		share.update(20 * MILLI, true, 12 * MILLI);
		assertThat(share.isSpent()).isTrue();
	}

	@Test
	void thereIsAPermitHoweverSmallTheShareIs() {
		BurnShare share = new BurnShare(0.01, () -> 2, 0);
		share.update(0, true, 0);
		assertThat(share.permits(0)).isOne();
	}

	@Test
	void shareIsMeasuredInProcessorTime() {
		BurnShare share = new BurnShare(0.25, () -> 2, 0);
		long now = 0;
		long burned = 0;
		for (; now < 10 * SECOND; now += MILLI) {
			long use = share.isSpent() ? 0 : MILLI;
			share.update(now, true, use);
			burned += use;
		}
		assertThat(burned).isBetween(5 * SECOND, 5 * SECOND + 100 * MILLI);
	}

	@Test
	void whatNobodyUsedIsNotSavedForLong() {
		BurnShare share = new BurnShare(0.5, () -> 2, 0);
		share.update(0, true, 0);
		share.update(BurnShare.MEMORY_NANOS / 2, true, 0);
		share.update(BurnShare.MEMORY_NANOS / 2, true, 51 * MILLI);
		assertThat(share.isSpent()).isTrue();
	}

	@Test
	void whatWasUsedWhileNothingWaitedIsForgotten() {
		BurnShare share = new BurnShare(0.5, () -> 2, 0);
		share.update(0, true, SECOND);
		assertThat(share.isSpent()).isTrue();
		share.update(BurnShare.MEMORY_NANOS, false, SECOND);
		assertThat(share.isSpent()).isFalse();
	}

}
