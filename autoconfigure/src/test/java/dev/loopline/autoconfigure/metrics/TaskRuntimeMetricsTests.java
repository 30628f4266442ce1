package dev.loopline.autoconfigure.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.loopline.autoconfigure.Refusals;
import dev.loopline.runtime.RuntimeSnapshot;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.StrandKind;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TaskRuntimeMetrics} and {@link TaskRuntimeMeters}.
 */
class TaskRuntimeMetricsTests {

	private final AtomicLong nanos = new AtomicLong();

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(2)));

	private Map<String, Long> routes = Map.of("GET /slow", 1L);

	/** Kept here, as meters refer to it weakly. */
	private TaskRuntimeMetrics metrics;

	@AfterEach
	void endRuntime() {
		this.runtime.close();
	}

	/**
	 * What is renamed or removed here breaks somebody's dashboard.
	 */
	@Test
	void everyMeterHasItsTypeAndTags() {
		bind(this::snapshotWithStall);
		assertThat(this.registry.getMeters().stream().map(TaskRuntimeMetricsTests::describe).distinct())
			.containsExactlyInAnyOrder("GAUGE loopline.workers []", "GAUGE loopline.processors []",
					"GAUGE loopline.workers.parked []", "GAUGE loopline.workers.searching []",
					"GAUGE loopline.injector.depth []", "COUNTER loopline.schedules.remote []",
					"COUNTER loopline.coop.yields []", "COUNTER loopline.handoffs []",
					"COUNTER loopline.exhaustions []", "GAUGE loopline.exhausted [] seconds",
					"COUNTER loopline.route.stalls [route]", "COUNTER loopline.foreign.stalls [library]",
					"COUNTER loopline.stalls [kind]", "COUNTER loopline.stalls.time [kind] seconds",
					"GAUGE loopline.lane.depth []", "COUNTER loopline.lane.admissions []",
					"TIMER loopline.lane.poll.time []", "GAUGE loopline.blocking.threads []",
					"GAUGE loopline.blocking.threads.idle []", "GAUGE loopline.blocking.threads.virtual []",
					"GAUGE loopline.blocking.queue.depth []", "COUNTER loopline.blocking.refused [route]",
					"COUNTER loopline.blocking.thread.start.failures []", "GAUGE loopline.strands.live [kind]",
					"COUNTER loopline.strands.listed []", "COUNTER loopline.tasks.spawned []",
					"GAUGE loopline.tasks.live []", "GAUGE loopline.tasks.suspended []",
					"COUNTER loopline.tasks.failures []", "TIMER loopline.schedule.latency []",
					"TIMER loopline.poll.time []", "COUNTER loopline.worker.busy [worker] seconds",
					"GAUGE loopline.worker.running [worker] seconds", "COUNTER loopline.worker.polls [worker]",
					"COUNTER loopline.worker.parks [worker]", "COUNTER loopline.worker.noops [worker]",
					"COUNTER loopline.worker.steals [worker]", "COUNTER loopline.worker.steal.operations [worker]",
					"COUNTER loopline.worker.schedules.local [worker]", "COUNTER loopline.worker.overflows [worker]",
					"GAUGE loopline.worker.queue.depth [worker]", "GAUGE loopline.worker.timers.armed [worker]",
					"COUNTER loopline.worker.driver.polls [worker]",
					"COUNTER loopline.worker.driver.polls.peer [worker]",
					"COUNTER loopline.worker.driver.wakeups [worker]", "COUNTER loopline.worker.io.events [worker]",
					"GAUGE loopline.worker.io.registered [worker]", "COUNTER loopline.worker.io.registrations [worker]",
					"COUNTER loopline.worker.io.mutes [worker]");
	}

	@Test
	void metersAreThoseOfTheDocumentation() {
		bind(this::snapshotWithStall);
		for (TaskRuntimeMeters documented : TaskRuntimeMeters.values()) {
			assertThat(this.registry.get(documented.getName()).meters()).isNotEmpty().allSatisfy((meter) -> {
				assertThat(meter.getId().getType().name()).isEqualTo(documented.getType().name());
				assertThat(meter.getId().getDescription()).isEqualTo(documented.getDescription());
				assertThat(meter.getId().getTags()).hasSameSizeAs(documented.getKeyNames());
			});
		}
		assertThat(this.registry.getMeters().stream().map((meter) -> meter.getId().getName()).distinct())
			.hasSize(TaskRuntimeMeters.values().length);
	}

	@Test
	void documentationHasEveryMeter() throws IOException {
		assertThat(Files.readAllLines(Path.of("../docs/observability.md"))
			.stream()
			.filter((line) -> line.startsWith("| `loopline.") && line.matches(".*\\| (gauge|counter|timer) \\|.*"))
			.map((line) -> line.split("`")[1])).containsExactlyInAnyOrderElementsOf(
					Arrays.stream(TaskRuntimeMeters.values()).map(TaskRuntimeMeters::getName).toList());
	}

	@Test
	void metersFollowTheRuntime() throws InterruptedException {
		bind(this.runtime.diagnostics()::snapshot);
		CountDownLatch done = new CountDownLatch(100);
		for (int i = 0; i < 100; i++) {
			Strand strand = this.runtime.newStrand();
			StrandInstrumentation.enlist(strand, StrandKind.OTHER, null);
			strand.execute(done::countDown);
		}
		assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
		this.nanos.addAndGet(Duration.ofSeconds(1).toNanos());
		assertThat(this.registry.get("loopline.workers").gauge().value()).isEqualTo(2);
		assertThat(this.registry.get("loopline.processors").gauge().value())
			.isEqualTo(Runtime.getRuntime().availableProcessors());
		assertThat(this.registry.get("loopline.strands.listed").functionCounter().count()).isEqualTo(100);
		assertThat(this.registry.get("loopline.schedules.remote").functionCounter().count()).isEqualTo(100);
		assertThat(this.registry.get("loopline.schedule.latency").functionTimer().count()).isBetween(99.0, 100.0);
	}

	@Test
	void oneScrapeTakesOneSnapshot() {
		AtomicInteger snapshots = new AtomicInteger();
		bind(() -> {
			snapshots.incrementAndGet();
			return this.runtime.diagnostics().snapshot();
		});
		this.registry.getMeters().forEach((meter) -> meter.measure().forEach((each) -> each.getValue()));
		assertThat(snapshots).hasValue(1);
		this.nanos.addAndGet(SnapshotCache.LIFE.toNanos() + 1);
		this.registry.getMeters().forEach((meter) -> meter.measure().forEach((each) -> each.getValue()));
		assertThat(snapshots).hasValue(2);
	}

	@Test
	void routeThatStallsLaterGetsItsMeter() {
		this.routes = Map.of();
		bind(this::snapshotWithStall);
		assertThat(this.registry.find("loopline.route.stalls").meters()).isEmpty();
		this.routes = Map.of("GET /late", 7L);
		this.nanos.addAndGet(SnapshotCache.LIFE.toNanos() + 1);
		this.registry.getMeters().forEach((meter) -> meter.measure().forEach((each) -> each.getValue()));
		assertThat(this.registry.get("loopline.route.stalls").tag("route", "GET /late").functionCounter().count())
			.isEqualTo(7);
	}

	private RuntimeSnapshot snapshotWithStall() {
		return withStalls(this.runtime.diagnostics().snapshot(), this.routes);
	}

	static RuntimeSnapshot withStalls(RuntimeSnapshot runtime, Map<String, Long> routes) {
		RuntimeSnapshot.StallTotals stalls = new RuntimeSnapshot.StallTotals(runtime.stalls().counts(),
				runtime.stalls().times(), routes, Map.of("lettuce", 3L));
		return new RuntimeSnapshot(runtime.flavour(), runtime.uptime(), runtime.workers(), runtime.scheduling(),
				runtime.handoffs(), runtime.blocking(), runtime.lane(), stalls, runtime.strands(), runtime.tasks());
	}

	private void bind(Supplier<RuntimeSnapshot> snapshots) {
		this.metrics = new TaskRuntimeMetrics(snapshots, this.nanos::get);
		this.metrics.bindTo(this.registry);
		new RefusalMetrics(new Refusals()).bindTo(this.registry);
	}

	private static String describe(Meter meter) {
		Meter.Id id = meter.getId();
		List<String> keys = id.getTags().stream().map((tag) -> tag.getKey()).collect(Collectors.toList());
		String unit = (id.getBaseUnit() != null && id.getType() != Meter.Type.TIMER) ? " " + id.getBaseUnit() : "";
		return id.getType() + " " + id.getName() + " " + keys + unit;
	}

}
