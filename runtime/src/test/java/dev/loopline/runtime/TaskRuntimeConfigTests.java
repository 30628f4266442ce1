package dev.loopline.runtime;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.commons.support.ReflectionSupport;

import dev.loopline.runtime.stall.Advice;
import dev.loopline.runtime.stall.ForeignThreads;
import dev.loopline.runtime.stall.StallListener;
import dev.loopline.runtime.stall.StallLog;
import dev.loopline.runtime.time.Ticker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TaskRuntimeConfig}.
 */
class TaskRuntimeConfigTests {

	private static final String DURATION = "longer than zero and at most a day";

	private static final String SHARE = "above 0 and at most 1";

	@Test
	void defaultsAreThoseThatAreDocumented() {
		TaskRuntimeConfig config = TaskRuntimeConfig.defaults();
		assertThat(config.flavour()).isEqualTo(TaskRuntimeConfig.Flavour.MULTI_THREAD);
		assertThat(config.workers()).isEqualTo(Runtime.getRuntime().availableProcessors());
		assertThat(config.queueCapacity()).isEqualTo(256);
		assertThat(config.globalQueueInterval()).isZero();
		assertThat(config.eventInterval()).isEqualTo(61);
		assertThat(config.driverDelay()).isEqualTo(Duration.ofMillis(1));
		assertThat(config.budget()).isEqualTo(128);
		assertThat(config.quantum()).isEqualTo(Duration.ofMillis(1));
		assertThat(config.lifoPolls()).isEqualTo(3);
		assertThat(config.lifoStealDelay()).isEqualTo(Duration.ofNanos(50_000));
		assertThat(config.idleSpin()).isZero();
		assertThat(config.blockingThreads()).isEqualTo(512);
		assertThat(config.blockingQueueCapacity()).isEqualTo(100_000);
		assertThat(config.blockingKeepAlive()).isEqualTo(Duration.ofSeconds(10));
		assertThat(config.burnShare()).isEqualTo(0.5);
		assertThat(config.allowBlocking()).isFalse();
		assertThat(config.stallThreshold()).isEqualTo(Duration.ofMillis(5));
		assertThat(config.stallLog()).isEqualTo(StallLog.WARN);
		assertThat(config.stallListeners()).isEmpty();
		assertThat(config.applicationPackages()).isEmpty();
		assertThat(config.frameworkPackages()).isEmpty();
		assertThat(config.ticker()).isSameAs(Ticker.system());
	}

	@Test
	void defaultThreadsAreNamedDaemons() {
		Thread thread = TaskRuntimeConfig.defaults().threadFactory().newThread(() -> {
		});
		assertThat(thread.getName()).isEqualTo("loopline-1");
		assertThat(thread.isDaemon()).isTrue();
	}

	@Test
	void currentThreadFlavourHasOneWorkerByDefault() {
		TaskRuntimeConfig config = TaskRuntimeConfig
			.of((builder) -> builder.flavour(TaskRuntimeConfig.Flavour.CURRENT_THREAD));
		assertThat(config.workers()).isEqualTo(1);
	}

	@Test
	void everyKnobIsSet() {
		FakeTicker ticker = new FakeTicker();
		NamedThreads threads = new NamedThreads();
		List<StallListener> listeners = List.of((stall) -> {
		});
		TaskHooks hooks = (task) -> null;
		Advice advice = new Advice("a", "b", "c");
		ForeignThreads foreign = new NoForeignThreads();
		TaskRuntimeConfig config = TaskRuntimeConfig
			.of((builder) -> builder.flavour(TaskRuntimeConfig.Flavour.MULTI_THREAD)
				.workers(3)
				.queueCapacity(4)
				.globalQueueInterval(5)
				.eventInterval(6)
				.driverDelay(Duration.ofMillis(7))
				.budget(8)
				.quantum(Duration.ofMillis(9))
				.lifoPolls(10)
				.lifoStealDelay(Duration.ofMillis(11))
				.idleSpin(Duration.ofMillis(17))
				.blockingThreads(12)
				.blockingOn(BlockingThreads.PLATFORM, 18)
				.blockingQueueCapacity(13)
				.blockingKeepAlive(Duration.ofMillis(14))
				.burnShare(0.19)
				.allowBlocking(true)
				.stallThreshold(Duration.ofMillis(15))
				.stallLog(StallLog.OFF)
				.stallListeners(listeners)
				.foreignThreads(foreign)
				.applicationPackages(List.of("com.example.mine"))
				.frameworkPackages(List.of("com.example.theirs"))
				.threadFactory(threads)
				.ticker(ticker)
				.seed(16)
				.taskHooks(hooks)
				.advice(advice));
		for (TaskRuntimeConfig same : List.of(config, config.toBuilder().build())) {
			assertThat(values(same)).containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
					Map.entry("flavour", TaskRuntimeConfig.Flavour.MULTI_THREAD), Map.entry("workers", 3),
					Map.entry("queueCapacity", 4), Map.entry("globalQueueInterval", 5), Map.entry("eventInterval", 6),
					Map.entry("driverDelay", Duration.ofMillis(7)), Map.entry("budget", 8),
					Map.entry("quantum", Duration.ofMillis(9)), Map.entry("lifoPolls", 10),
					Map.entry("lifoStealDelay", Duration.ofMillis(11)), Map.entry("idleSpin", Duration.ofMillis(17)),
					Map.entry("blockingThreads", 12), Map.entry("blockingThreadKind", BlockingThreads.PLATFORM),
					Map.entry("blockingVirtualThreads", 18), Map.entry("blockingQueueCapacity", 13),
					Map.entry("blockingKeepAlive", Duration.ofMillis(14)), Map.entry("burnShare", 0.19),
					Map.entry("allowBlocking", true), Map.entry("stallThreshold", Duration.ofMillis(15)),
					Map.entry("stallLog", StallLog.OFF), Map.entry("stallListeners", listeners),
					Map.entry("foreignThreads", foreign), Map.entry("applicationPackages", Set.of("com.example.mine")),
					Map.entry("frameworkPackages", Set.of("com.example.theirs")), Map.entry("threadFactory", threads),
					Map.entry("ticker", ticker), Map.entry("seed", 16L), Map.entry("taskHooks", List.of(hooks)),
					Map.entry("advice", advice)));
		}
	}

	/** Of every accessor, also of those to come: each of them must be set above. */
	private static Map<String, Object> values(TaskRuntimeConfig config) {
		Map<String, Object> values = new HashMap<>();
		for (Method method : TaskRuntimeConfig.class.getMethods()) {
			if (method.getDeclaringClass() == TaskRuntimeConfig.class && !Modifier.isStatic(method.getModifiers())
					&& !method.getName().equals("toBuilder")) {
				values.put(method.getName(), ReflectionSupport.invokeMethod(method, config));
			}
		}
		return values;
	}

	@Test
	void builderThatGoesOnChangesNoConfiguration() {
		TaskRuntimeConfig config = TaskRuntimeConfig.of((builder) -> builder.workers(3));
		TaskRuntimeConfigBuilder builder = config.toBuilder();
		TaskRuntimeConfig other = builder.budget(7).build();
		builder.budget(8).taskHooks((task) -> null);
		assertThat(config.budget()).isEqualTo(128);
		assertThat(other.budget()).isEqualTo(7);
		assertThat(other.workers()).isEqualTo(3);
		assertThat(other.taskHooks()).isEmpty();
		assertThat(builder.build().taskHooks()).hasSize(1);
	}

	@ParameterizedTest(name = "{0} = {1}")
	@MethodSource("badValues")
	void badValueIsRefusedWithItsNameAndWhatIsAllowed(String name, Object value, String allowed,
			Consumer<TaskRuntimeConfigBuilder> change) {
		assertThatExceptionOfType(InvalidTaskRuntimeConfigException.class)
			.isThrownBy(() -> TaskRuntimeConfig.of(change))
			.withMessage("'%s' must be %s, but was %s", name, allowed, value)
			.satisfies((ex) -> {
				assertThat(ex.getName()).isEqualTo(name);
				assertThat(ex.getValue()).isEqualTo(String.valueOf(value));
				assertThat(ex.getAllowed()).isEqualTo(allowed);
			});
	}

	@ParameterizedTest(name = "{0} = {1}")
	@MethodSource("edgeValues")
	void edgeOfTheRangeIsAccepted(String name, Object value, Consumer<TaskRuntimeConfigBuilder> change) {
		assertThat(values(TaskRuntimeConfig.of(change))).containsEntry(name, value);
	}

	static Stream<Arguments> badValues() {
		Duration overADay = Duration.ofDays(1).plusNanos(1);
		return Stream.of(bad("workers", -1, "from 1 to 1024", (builder) -> builder.workers(-1)),
				bad("workers", 1025, "from 1 to 1024", (builder) -> builder.workers(1025)),
				bad("workers", 2, "1 for the current-thread flavour",
						(builder) -> builder.flavour(TaskRuntimeConfig.Flavour.CURRENT_THREAD).workers(2)),
				bad("queueCapacity", 1, "from 2 to 1048576", (builder) -> builder.queueCapacity(1)),
				bad("queueCapacity", 1 << 21, "from 2 to 1048576", (builder) -> builder.queueCapacity(1 << 21)),
				bad("queueCapacity", 255, "a power of two", (builder) -> builder.queueCapacity(255)),
				bad("globalQueueInterval", -1, "from 0 to 1048576", (builder) -> builder.globalQueueInterval(-1)),
				bad("eventInterval", 0, "from 1 to 1048576", (builder) -> builder.eventInterval(0)),
				bad("driverDelay", Duration.ZERO, DURATION, (builder) -> builder.driverDelay(Duration.ZERO)),
				bad("driverDelay", overADay, DURATION, (builder) -> builder.driverDelay(overADay)),
				bad("budget", 0, "from 1 to 1048576", (builder) -> builder.budget(0)),
				bad("quantum", Duration.ZERO, DURATION, (builder) -> builder.quantum(Duration.ZERO)),
				bad("quantum", Duration.ofNanos(-1), DURATION, (builder) -> builder.quantum(Duration.ofNanos(-1))),
				bad("lifoPolls", -1, "from 0 to 1048576", (builder) -> builder.lifoPolls(-1)),
				bad("lifoStealDelay", Duration.ofNanos(-1), "at least zero and at most a day",
						(builder) -> builder.lifoStealDelay(Duration.ofNanos(-1))),
				bad("lifoStealDelay", overADay, "at least zero and at most a day",
						(builder) -> builder.lifoStealDelay(overADay)),
				bad("idleSpin", Duration.ofNanos(-1), "at least zero and at most a second",
						(builder) -> builder.idleSpin(Duration.ofNanos(-1))),
				bad("idleSpin", Duration.ofSeconds(1).plusNanos(1), "at least zero and at most a second",
						(builder) -> builder.idleSpin(Duration.ofSeconds(1).plusNanos(1))),
				bad("blockingThreads", 0, "from 1 to 1048576", (builder) -> builder.blockingThreads(0)),
				bad("blockingVirtualThreads", -1, "from 0 to 2147483647",
						(builder) -> builder.blockingOn(BlockingThreads.AUTO, -1)),
				bad("blockingQueueCapacity", -1, "from 0 to 16777216", (builder) -> builder.blockingQueueCapacity(-1)),
				bad("blockingKeepAlive", Duration.ZERO, DURATION,
						(builder) -> builder.blockingKeepAlive(Duration.ZERO)),
				bad("burnShare", 0.0, SHARE, (builder) -> builder.burnShare(0)),
				bad("burnShare", 1.01, SHARE, (builder) -> builder.burnShare(1.01)),
				bad("burnShare", Double.NaN, SHARE, (builder) -> builder.burnShare(Double.NaN)),
				bad("stallThreshold", Duration.ZERO, DURATION, (builder) -> builder.stallThreshold(Duration.ZERO)));
	}

	static Stream<Arguments> edgeValues() {
		Duration shortest = Duration.ofNanos(1);
		Duration longest = Duration.ofDays(1);
		return Stream.of(edge("workers", 1, (builder) -> builder.workers(1)),
				edge("workers", 1024, (builder) -> builder.workers(1024)),
				edge("queueCapacity", 2, (builder) -> builder.queueCapacity(2)),
				edge("queueCapacity", 1 << 20, (builder) -> builder.queueCapacity(1 << 20)),
				edge("eventInterval", 1, (builder) -> builder.eventInterval(1)),
				edge("driverDelay", shortest, (builder) -> builder.driverDelay(shortest)),
				edge("budget", 1, (builder) -> builder.budget(1)),
				edge("quantum", longest, (builder) -> builder.quantum(longest)),
				edge("lifoPolls", 0, (builder) -> builder.lifoPolls(0)),
				edge("lifoStealDelay", Duration.ZERO, (builder) -> builder.lifoStealDelay(Duration.ZERO)),
				edge("lifoStealDelay", longest, (builder) -> builder.lifoStealDelay(longest)),
				edge("idleSpin", Duration.ofSeconds(1), (builder) -> builder.idleSpin(Duration.ofSeconds(1))),
				edge("blockingThreads", 1, (builder) -> builder.blockingThreads(1)),
				edge("blockingQueueCapacity", 0, (builder) -> builder.blockingQueueCapacity(0)),
				edge("burnShare", 1.0, (builder) -> builder.burnShare(1)),
				edge("burnShare", Double.MIN_VALUE, (builder) -> builder.burnShare(Double.MIN_VALUE)),
				edge("blockingKeepAlive", shortest, (builder) -> builder.blockingKeepAlive(shortest)));
	}

	private static Arguments bad(String name, Object value, String allowed, Consumer<TaskRuntimeConfigBuilder> change) {
		return Arguments.of(name, value, allowed, change);
	}

	private static Arguments edge(String name, Object value, Consumer<TaskRuntimeConfigBuilder> change) {
		return Arguments.of(name, value, change);
	}

	private static final class NoForeignThreads implements ForeignThreads {

		@Override
		public @Nullable Owner ownerOf(Thread thread) {
			return null;
		}

		@Override
		public boolean isLoop(Owner owner, String className) {
			return false;
		}

	}

}
