package dev.loopline.runtime;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.LongSummaryStatistics;
import java.util.function.Predicate;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.loopline.runtime.internal.queue.Injector;
import dev.loopline.runtime.internal.queue.LifoSlot;
import dev.loopline.runtime.internal.queue.Padding;
import dev.loopline.runtime.internal.queue.RunQueue;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Padding}: where this JVM puts the fields.
 */
class PaddingTests {

	private static final int BYTES = 15 * Long.BYTES;

	@ParameterizedTest
	@ValueSource(classes = { Injector.class, LifoSlot.class, PollClock.class, PollState.class, RunQueue.class,
			WorkerStats.class })
	void keepsWhatLiesBeforeAndBehindAway(Class<?> type) throws Exception {
		LongSummaryStatistics before = offsets(Padding.class, (field) -> field.getName().matches("p\\d+"));
		LongSummaryStatistics written = offsets(type.getSuperclass(), (field) -> true);
		LongSummaryStatistics behind = offsets(type, (field) -> field.getName().matches("q\\d+"));
		assertThat(written.getCount()).isPositive();
		assertThat(written.getMin() - before.getMin()).isGreaterThanOrEqualTo(BYTES);
		assertThat(behind.getMax() - written.getMax()).isGreaterThanOrEqualTo(BYTES);
		assertThat(behind.getMin()).isGreaterThan(written.getMax());
	}

	private static LongSummaryStatistics offsets(Class<?> type, Predicate<Field> filter) throws Exception {
		// By reflection: the compiler warns of every mention of it
		Class<?> unsafe = Class.forName("sun.misc.Unsafe");
		Field instance = unsafe.getDeclaredField("theUnsafe");
		instance.setAccessible(true);
		Method offset = unsafe.getMethod("objectFieldOffset", Field.class);
		LongSummaryStatistics offsets = new LongSummaryStatistics();
		for (Field field : Arrays.asList(type.getDeclaredFields())) {
			if (!Modifier.isStatic(field.getModifiers()) && filter.test(field)) {
				offsets.accept((long) offset.invoke(instance.get(null), field));
			}
		}
		return offsets;
	}

}
