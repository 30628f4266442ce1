package dev.loopline.autoconfigure;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import dev.loopline.runtime.BlockingThreads;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.TaskRuntimeConfig.Flavour;
import dev.loopline.runtime.netty.Transport;
import dev.loopline.runtime.stall.StallLog;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TaskRuntimeProperties}.
 */
class TaskRuntimePropertiesTests {

	private final TaskRuntimeProperties properties = new TaskRuntimeProperties();

	private final TaskRuntimeConfig defaults = TaskRuntimeConfig.defaults();

	@Test
	void enabledIsTrueByDefault() {
		assertThat(this.properties.isEnabled()).isTrue();
	}

	@Test
	void flavourMatchesTaskRuntimeConfigDefault() {
		assertThat(this.properties.getFlavour()).isEqualTo(this.defaults.flavour());
	}

	@Test
	void workersMatchesTaskRuntimeConfigDefault() {
		TaskRuntimeConfig config = TaskRuntimeConfig.of((builder) -> builder.workers(this.properties.getWorkers()));
		assertThat(config.workers()).isEqualTo(this.defaults.workers());
	}

	@Test
	void globalQueueIntervalMatchesTaskRuntimeConfigDefault() {
		assertThat(this.properties.getGlobalQueueInterval()).isEqualTo(this.defaults.globalQueueInterval());
	}

	@Test
	void eventIntervalMatchesTaskRuntimeConfigDefault() {
		assertThat(this.properties.getEventInterval()).isEqualTo(this.defaults.eventInterval());
	}

	@Test
	void idleSpinMatchesTaskRuntimeConfigDefault() {
		assertThat(this.properties.getIdleSpin()).isEqualTo(this.defaults.idleSpin());
	}

	@Test
	void threadNamePrefixMatchesTaskRuntimeConfigDefault() {
		Thread thread = this.defaults.threadFactory().newThread(Thread::yield);
		assertThat(thread.getName()).matches(this.properties.getThreadNamePrefix() + "\\d+");
	}

	@Test
	void shutdownIsNotDelayedByDefault() {
		assertThat(this.properties.getShutdown().getDelay()).isZero();
	}

	@Test
	void coopBudgetMatchesTaskRuntimeConfigDefault() {
		assertThat(this.properties.getCoop().getBudget()).isEqualTo(this.defaults.budget());
	}

	@Test
	void coopQuantumMatchesTaskRuntimeConfigDefault() {
		assertThat(this.properties.getCoop().getQuantum()).isEqualTo(this.defaults.quantum());
	}

	@Test
	void blockingAllowBlockMatchesTaskRuntimeConfigDefault() {
		assertThat(this.properties.getBlocking().isAllowBlock()).isEqualTo(this.defaults.allowBlocking());
	}

	@Test
	void blockingMaxThreadsMatchesTaskRuntimeConfigDefault() {
		assertThat(this.properties.getBlocking().getMaxThreads()).isEqualTo(this.defaults.blockingThreads());
	}

	@Test
	void blockingQueueCapacityIsTheDefaultOfWhateverWaits() {
		assertThat(this.properties.getBlocking().getQueueCapacity()).isNull();
	}

	@Test
	void blockingKeepAliveMatchesTaskRuntimeConfigDefault() {
		assertThat(this.properties.getBlocking().getKeepAlive()).isEqualTo(this.defaults.blockingKeepAlive());
	}

	@Test
	void burnShareMatchesTaskRuntimeConfigDefault() {
		assertThat(this.properties.getBlocking().getBurnShare()).isEqualTo(this.defaults.burnShare());
	}

	@Test
	void stallThresholdMatchesTaskRuntimeConfigDefault() {
		assertThat(this.properties.getStall().getThreshold()).isEqualTo(this.defaults.stallThreshold());
	}

	@Test
	void stallLogMatchesTaskRuntimeConfigDefault() {
		assertThat(this.properties.getStall().getLog()).isEqualTo(this.defaults.stallLog());
	}

	@Test
	void stallPackagesMatchTaskRuntimeConfigDefaults() {
		assertThat(this.properties.getStall().getApplicationPackages())
			.hasSameElementsAs(this.defaults.applicationPackages());
		assertThat(this.properties.getStall().getFrameworkPackages())
			.hasSameElementsAs(this.defaults.frameworkPackages());
	}

	@Test
	void blockIsRefusedOnWorkersByDefault() {
		assertThat(this.properties.getBlocking().isAllowBlock()).isFalse();
	}

	@Test
	void streamsHaveStrandsOfTheirOwnByDefault() {
		assertThat(this.properties.getWeb().isStrandPerStream()).isTrue();
	}

	@Test
	void noRouteIsTakenForBlockingByDefault() {
		assertThat(this.properties.getWeb().getBlockingRoutes()).isEmpty();
	}

	@Test
	void routesThatBlockAreLearnedByDefault() {
		assertThat(this.properties.getWeb().isLearnBlockingRoutes()).isTrue();
	}

	@Test
	void nettyTransportIsAutoByDefault() {
		assertThat(this.properties.getNetty().getTransport()).isEqualTo(Transport.AUTO);
	}

	@Test
	void threadsOfOthersAreWatchedByDefault() {
		assertThat(this.properties.getStall().isForeign()).isTrue();
	}

	@Test
	void everyKeyIsBound() {
		TaskRuntimeProperties bound = bind(Map.ofEntries(Map.entry("loopline.enabled", "false"),
				Map.entry("loopline.flavour", "current-thread"), Map.entry("loopline.workers", "3"),
				Map.entry("loopline.global-queue-interval", "5"), Map.entry("loopline.event-interval", "7"),
				Map.entry("loopline.idle-spin", "9ms"), Map.entry("loopline.thread-name-prefix", "mine-"),
				Map.entry("loopline.coop.budget", "11"), Map.entry("loopline.coop.quantum", "13ms"),
				Map.entry("loopline.blocking.max-threads", "17"), Map.entry("loopline.blocking.threads", "platform"),
				Map.entry("loopline.blocking.max-virtual-threads", "18"),
				Map.entry("loopline.blocking.queue-capacity", "19"), Map.entry("loopline.blocking.max-wait", "21s"),
				Map.entry("loopline.blocking.burn-share", "0.31"), Map.entry("loopline.blocking.keep-alive", "23s"),
				Map.entry("loopline.stall.threshold", "29ms"), Map.entry("loopline.stall.log", "off"),
				Map.entry("loopline.stall.foreign", "false"),
				Map.entry("loopline.stall.application-packages", "com.example.mine"),
				Map.entry("loopline.stall.framework-packages", "com.example.theirs,org.example"),
				Map.entry("loopline.netty.transport", "nio")));
		assertThat(bound.isEnabled()).isFalse();
		assertThat(bound.getStall().isForeign()).isFalse();
		assertThat(bound.getFlavour()).isEqualTo(Flavour.CURRENT_THREAD);
		assertThat(bound.getWorkers()).isEqualTo(3);
		assertThat(bound.getGlobalQueueInterval()).isEqualTo(5);
		assertThat(bound.getEventInterval()).isEqualTo(7);
		assertThat(bound.getIdleSpin()).isEqualTo(Duration.ofMillis(9));
		assertThat(bound.getThreadNamePrefix()).isEqualTo("mine-");
		assertThat(bound.getCoop().getBudget()).isEqualTo(11);
		assertThat(bound.getCoop().getQuantum()).isEqualTo(Duration.ofMillis(13));
		assertThat(bound.getBlocking().getMaxThreads()).isEqualTo(17);
		assertThat(bound.getBlocking().getQueueCapacity()).isEqualTo(19);
		assertThat(bound.getBlocking().getThreads()).isEqualTo(BlockingThreads.PLATFORM);
		assertThat(bound.getBlocking().getMaxVirtualThreads()).isEqualTo(18);
		assertThat(bound.getBlocking().getMaxWait()).isEqualTo(Duration.ofSeconds(21));
		assertThat(bound.getBlocking().getBurnShare()).isEqualTo(0.31);
		assertThat(bound.getBlocking().getKeepAlive()).isEqualTo(Duration.ofSeconds(23));
		assertThat(bound.getStall().getThreshold()).isEqualTo(Duration.ofMillis(29));
		assertThat(bound.getStall().getLog()).isEqualTo(StallLog.OFF);
		assertThat(bound.getStall().getApplicationPackages()).containsExactly("com.example.mine");
		assertThat(bound.getStall().getFrameworkPackages()).containsExactly("com.example.theirs", "org.example");
		assertThat(bound.getNetty().getTransport()).isEqualTo(Transport.NIO);
	}

	@Test
	void durationsWithoutUnitAreMilliseconds() {
		TaskRuntimeProperties bound = bind(
				Map.of("loopline.coop.quantum", "2", "loopline.blocking.keep-alive", "3000"));
		assertThat(bound.getCoop().getQuantum()).isEqualTo(Duration.ofMillis(2));
		assertThat(bound.getBlocking().getKeepAlive()).isEqualTo(Duration.ofSeconds(3));
	}

	private static TaskRuntimeProperties bind(Map<String, String> values) {
		return new Binder(new MapConfigurationPropertySource(values)).bind("loopline", TaskRuntimeProperties.class)
			.get();
	}

	@Test
	void reactorSchedulersRunOnTheRuntimeByDefault() {
		assertThat(this.properties.getReactor().isSchedulers()).isTrue();
	}

}
