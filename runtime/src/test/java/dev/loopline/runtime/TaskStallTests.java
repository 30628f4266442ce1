package dev.loopline.runtime;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.loopline.runtime.actor.Actors;
import dev.loopline.runtime.internal.stall.RunningStall;
import dev.loopline.runtime.internal.stall.StallRecorder;
import dev.loopline.runtime.internal.stall.StallReporter;
import dev.loopline.runtime.stall.Culprit;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.time.Ticker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests that a stall is named whatever it is that a worker polls.
 */
class TaskStallTests {

	private static final String CULPRIT = TaskStallTests.class.getName() + ".block";

	private final CountDownLatch gate = new CountDownLatch(1);

	private final LogCapture log = new LogCapture(StallReporter.class);

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(2)
		.stallThreshold(Duration.ofMillis(5))
		.applicationPackages(List.of(TaskStallTests.class.getPackageName()))));

	@AfterEach
	void end() {
		this.gate.countDown();
		this.runtime.close();
		this.log.close();
	}

	@ParameterizedTest
	@MethodSource("ways")
	void stallIsNamed(BiConsumer<TaskRuntime, Runnable> way, String subject, @Nullable String task) {
		way.accept(this.runtime, this::block);
		Await.until(() -> this.runtime.diagnostics()
			.stalls()
			.running()
			.stream()
			.anyMatch((stall) -> !stall.stack().isEmpty()));
		this.gate.countDown();
		Await.until(() -> this.log.messages().stream().anyMatch((line) -> line.contains(CULPRIT)));
		// Loading a class for the first time may stall on its own
		assertThat(this.log.messages()).filteredOn((line) -> line.contains(CULPRIT))
			.singleElement()
			.asString()
			.startsWith(subject)
			.containsPattern("(has )?blocked its thread for \\d+ ms ")
			.contains(" at " + CULPRIT + "(TaskStallTests.java:");
		assertThat(this.runtime.diagnostics().stalls().culprits())
			.filteredOn((culprit) -> culprit.method().equals(CULPRIT))
			.singleElement()
			.satisfies((culprit) -> {
				assertThat(culprit.frame()).isNotNull();
				assertThat(culprit.lastStack()).isNotEmpty();
				assertThat(culprit.lastWork().task()).isEqualTo(task);
				assertThat(culprit.lastWork().connection()).isNull();
			});
	}

	static Stream<Arguments> ways() {
		String unnamed = "Something on thread ";
		return Stream.of(way("spawn", unnamed, null, (runtime, body) -> runtime.spawn(() -> call(body))),
				way("spawn with a name", "Task 'job' ", "job",
						(runtime, body) -> runtime.spawn("job", () -> call(body))),
				way("spawn in steps", unnamed, null, (runtime, body) -> runtime.spawn((context) -> step(body))),
				way("spawn in steps with a name", "Task 'job' ", "job",
						(runtime, body) -> runtime.spawn("job", (context) -> step(body))),
				way("spawnAsync", unnamed, null, (runtime, body) -> runtime.spawnAsync(() -> stage(body))),
				way("spawnAsync with a name", "Task 'job' ", "job",
						(runtime, body) -> runtime.spawnAsync("job", () -> stage(body))),
				way("execute", unnamed, null, TaskRuntime::execute),
				way("JoinSet", unnamed, null, (runtime, body) -> new JoinSet<>(runtime).spawn(() -> call(body))),
				way("a timer", unnamed, null,
						(runtime, body) -> runtime.timers().schedule(body, 1, TimeUnit.MILLISECONDS)),
				way("a tick", unnamed, null, TaskStallTests::tick),
				way("after a sleep", unnamed, null,
						(runtime, body) -> runtime.execute(() -> runtime.sleep(Duration.ofMillis(1)).thenRun(body))),
				way("a strand", unnamed, null, (runtime, body) -> runtime.newStrand().execute(body)),
				way("a pinned strand", unnamed, null,
						(runtime, body) -> runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(0).pinned())
							.execute(body)),
				way("a message", "Actor 'counter' ", null,
						(runtime, body) -> Actors.of(runtime)
							.<String>spawn("counter", () -> (message, context) -> body.run())
							.tell("")));
	}

	private static Arguments way(String name, String subject, @Nullable String task,
			BiConsumer<TaskRuntime, Runnable> way) {
		return Arguments.argumentSet(name, way, subject, task);
	}

	private static void tick(TaskRuntime runtime, Runnable body) {
		Interval interval = runtime.timers().interval(Duration.ofMillis(1), MissedTicks.DELAY);
		runtime.execute(() -> interval.tick().thenCompose((first) -> interval.tick()).thenRun(body));
	}

	private static String call(Runnable body) {
		body.run();
		return "";
	}

	private static Poll<String> step(Runnable body) {
		body.run();
		return Poll.ready("");
	}

	private static CompletableFuture<String> stage(Runnable body) {
		body.run();
		return CompletableFuture.completedFuture("");
	}

	@Test
	void blockingJobIsNoStall() {
		CompletableFuture<Void> job = this.runtime.spawnBlocking(() -> {
			block();
			return "";
		}).thenAccept((result) -> {
		}).toCompletableFuture();
		Await.result(this.runtime.sleep(Duration.ofMillis(50)));
		assertThat(this.runtime.diagnostics().stalls().running()).isEmpty();
		this.gate.countDown();
		Await.result(job);
		assertThat(this.runtime.diagnostics().stalls().culprits()).isEmpty();
	}

	@Test
	void stallThatWasNotSampledIsOfItsTaskAlone() {
		StallRecorder stalls = new StallRecorder(Scheduler.stallSettings(TaskRuntimeConfig.defaults()));
		StackTraceElement[] stack = { FakeProbe.HANDLER, FakeProbe.POLL };
		RunningStall sampled = open(stalls, "job");
		stalls.sampled(sampled, sampled.describe(), stack);
		open(stalls, "job").end(1);
		open(stalls, "other").end(1);
		assertThat(stalls.culprits()).extracting(Culprit::method, (culprit) -> culprit.lastWork().task())
			.containsExactlyInAnyOrder(tuple("com.example.Handler.handle", "job"), tuple(Culprit.UNKNOWN, "job"),
					tuple(Culprit.UNKNOWN, "other"));
		stalls.stop();
	}

	private RunningStall open(StallRecorder stalls, String task) {
		Task<String> job = new CallableTask<>(this.runtime.scheduler().tasks(), task, () -> "");
		return stalls.open(Stall.Kind.BLOCKING, Thread.currentThread(), job.context(), job::stalled, () -> true, 0, 0);
	}

	@Test
	void samplerKnowsEveryMethodThatWorkersPoll() {
		assertThat(new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
			.importPackagesOf(Work.class)
			.stream()
			.filter((type) -> type.isAssignableTo(Work.class) && !type.isEquivalentTo(Work.class))
			.filter((type) -> type.tryGetMethod("poll", int.class, long.class, Ticker.class, long.class).isPresent())
			.map(JavaClass::getName)).containsExactlyInAnyOrderElementsOf(Scheduler.POLLING_CLASSES);
	}

	@Test
	void deepStackIsThatOfThePollAlthoughItsEndIsMissing() {
		FakeProbe probe = new FakeProbe();
		StackTraceElement[] deep = Stream.generate(() -> FakeProbe.HANDLER)
			.limit(1024)
			.toArray(StackTraceElement[]::new);
		probe.sayStack(() -> deep);
		RunningStall stall = open(this.runtime.scheduler().stalls(), "job");
		this.runtime.scheduler().stalls().tick(Ticker.system().nanos(), probe);
		Await.until(() -> !stall.view().stack().isEmpty());
	}

	private void block() {
		try {
			this.gate.await();
		}
		catch (InterruptedException ex) {
			throw new AssertionError("Interrupted", ex);
		}
	}

}
