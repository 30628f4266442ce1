package dev.loopline.runtime.internal.stall;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WarningTable}.
 */
class WarningTableTests {

	private final WarningTable table = new WarningTable();

	@Test
	void aLineIsSpokenOfOnceAMinuteWithWhatCameMeanwhile() {
		assertThat(this.table.take(line(1), 7)).isOne();
		assertThat(this.table.take(line(1), 8)).isZero();
		assertThat(this.table.take(line(2), 8)).isOne();
		assertThat(this.table.take(line(1), 6 + CulpritEntry.WARNING_NANOS)).isZero();
		assertThat(this.table.take(line(1), 7 + CulpritEntry.WARNING_NANOS)).isEqualTo(3);
	}

	@Test
	void whatWasNotSeenForLongestIsForgotten() {
		for (int i = 0; i < WarningTable.CAPACITY; i++) {
			this.table.take(line(i), 0);
		}
		this.table.take(line(0), 1);
		this.table.take(line(-1), 1);
		assertThat(this.table.take(line(0), 2)).isZero();
		assertThat(this.table.take(line(1), 2)).isOne();
	}

	private static StackTraceElement line(int number) {
		return new StackTraceElement("com.example.Callback", "accept", "Callback.java", number);
	}

}
