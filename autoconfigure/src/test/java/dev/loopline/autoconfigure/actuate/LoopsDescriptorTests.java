package dev.loopline.autoconfigure.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.stall.ForeignPool;
import dev.loopline.runtime.stall.ForeignThreads;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkDescription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link LoopsDescriptor}.
 */
class LoopsDescriptorTests {

	private static final Instant START = Instant.ofEpochSecond(1_000);

	private static final StackTraceElement LINE = new StackTraceElement("com.example.Callback", "accept",
			"Callback.java", 12);

	@Test
	void lastStallHasItsLineAndItsAgeSinceItsEnd() {
		Stall stall = new Stall(Stall.Kind.BLOCKING, "lettuce-nioEventLoop-4-1", WorkDescription.UNKNOWN, START,
				Duration.ofMillis(200), false, LINE, List.of(LINE));
		ForeignThreads.Owner owner = new ForeignThreads.Owner("lettuce", "lettuce-nioEventLoop-4", "Do not");
		LoopsDescriptor loops = describe(new ForeignPool(owner, 2, 3, stall), START.plusMillis(1_200));
		assertThat(loops.pools()).element(2)
			.isEqualTo(new LoopsDescriptor.Pool("lettuce", "lettuce-nioEventLoop-4", 2, false, 3, "Do not",
					new LoopsDescriptor.LastStall("blocking", "lettuce-nioEventLoop-4-1", START, 200_000_000,
							1_000_000_000, false, LINE.toString(), List.of(LINE.toString()))));
	}

	@Test
	void whatRunsOnStrandsHasNoThreadsOfItsOwn() {
		LoopsDescriptor loops = describe(new ForeignPool(new ForeignThreads.Owner("netty", "theirs", ""), 1, 0, null),
				START);
		assertThat(loops.pools())
			.extracting(LoopsDescriptor.Pool::library, LoopsDescriptor.Pool::threads, LoopsDescriptor.Pool::strands)
			.containsExactly(tuple("loopline", 2, true), tuple("reactor", 0, true), tuple("netty", 1, false));
		assertThat(loops.pools().get(2).lastStall()).isNull();
	}

	@Test
	void onlyThoseThatWereKeptLatelyAreStalled() {
		Stall stall = new Stall(Stall.Kind.BLOCKING, "mine-1", WorkDescription.UNKNOWN, START, Duration.ofMillis(200),
				false, LINE, List.of(LINE));
		ForeignThreads.Owner owner = new ForeignThreads.Owner("reactor", "mine", "Do not");
		List<ForeignPool> pools = List.of(new ForeignPool(owner, 1, 1, stall), new ForeignPool(owner, 1, 0, null));
		long end = START.plusMillis(200).toEpochMilli();
		assertThat(LoopsDescriptor.stalled(pools, end + 999, Duration.ofSeconds(1)))
			.extracting(LoopsDescriptor.Pool::pool, LoopsDescriptor.Pool::stalls)
			.containsExactly(tuple("mine", 1L));
		assertThat(LoopsDescriptor.stalled(pools, end + 1_000, Duration.ofSeconds(1))).isEmpty();
	}

	private static LoopsDescriptor describe(ForeignPool pool, Instant now) {
		try (TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(2)))) {
			return LoopsDescriptor.of(runtime.diagnostics().snapshot(), List.of(pool), List.of("reactor"),
					now.toEpochMilli());
		}
	}

}
