package dev.loopline.runtime;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.loopline.runtime.actor.Actor;
import dev.loopline.runtime.actor.ActorContext;
import dev.loopline.runtime.actor.ActorHooks;
import dev.loopline.runtime.actor.ActorOptions;
import dev.loopline.runtime.actor.ActorRef;
import dev.loopline.runtime.actor.Actors;
import dev.loopline.runtime.io.DriverToken;
import dev.loopline.runtime.io.IoDriver;
import dev.loopline.runtime.io.IoReadiness;
import dev.loopline.runtime.stall.Advice;
import dev.loopline.runtime.stall.ForeignThreads;
import dev.loopline.runtime.stall.StallListener;
import dev.loopline.runtime.stall.Stalls;
import dev.loopline.runtime.stall.WorkContext;
import dev.loopline.runtime.stall.WorkDescription;
import dev.loopline.runtime.time.Ticker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests what every public method does with nothing and with too much. A method that is
 * new is tested without being told.
 */
class PublicApiTests {

	private static final Duration ENDLESS = Duration.ofSeconds(Long.MAX_VALUE);

	/** What an application implements and the runtime calls. */
	private static final Set<Class<?>> CALLED = Set.of(Actor.class, ActorHooks.class, IoDriver.class,
			IoDriver.Factory.class, IoDriver.PollContext.class, IoReadiness.class, StallListener.class,
			WorkContext.class, TaskBody.class, TaskHooks.class, TaskObserver.class, Ticker.class,
			RuntimeLife.Extension.class);

	private static final Set<String> ROOMS = Set.of(TaskRuntime.class.getPackageName(), Actors.class.getPackageName(),
			DriverToken.class.getPackageName());

	/** Records that applications make; all others are made by the runtime. */
	private static final Set<Class<?>> OPTIONS = Set.of(ActorOptions.class, Advice.class);

	private final StillRuntime still = new StillRuntime();

	private final Map<Class<?>, Object> samples = samples();

	@ParameterizedTest
	@MethodSource("parameters")
	void refusesNull(Executable door, int index) {
		Object[] arguments = arguments(door);
		arguments[index] = null;
		RuntimeSnapshot before = this.still.runtime.diagnostics().snapshot();
		assertThatNullPointerException().isThrownBy(() -> call(door, arguments));
		RuntimeSnapshot after = this.still.runtime.diagnostics().snapshot();
		assertThat(after.tasks().spawned()).isEqualTo(before.tasks().spawned());
		assertThat(after.scheduling().injectorDepth()).isEqualTo(before.scheduling().injectorDepth());
		assertThat(Actors.of(this.still.runtime).snapshot()).hasSize(1);
	}

	static Stream<Arguments> parameters() {
		return doors().flatMap((door) -> IntStream.range(0, door.getParameterCount())
			.filter((index) -> mustNotBeNull(door.getParameters()[index]))
			.mapToObj((index) -> Arguments.argumentSet(name(door) + " " + (index + 1), door, index)));
	}

	@ParameterizedTest
	@MethodSource("durations")
	void takesTheLongestDurationAndNegativeOnes(Executable door) {
		for (Duration duration : List.of(ENDLESS, ENDLESS.negated())) {
			Object[] arguments = arguments(door);
			for (int i = 0; i < arguments.length; i++) {
				arguments[i] = (arguments[i] instanceof Duration) ? duration : arguments[i];
			}
			try {
				call(door, arguments);
			}
			catch (Throwable ex) {
				assertThat(ex).isInstanceOf(IllegalArgumentException.class).hasNoCause();
				assertThat(ex.getMessage()).containsAnyOf("must", "at most");
			}
		}
	}

	static Stream<Arguments> durations() {
		return doors().filter((door) -> List.of(door.getParameterTypes()).contains(Duration.class))
			.map((door) -> Arguments.argumentSet(name(door), door));
	}

	private static Stream<Executable> doors() {
		return new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
			.importPackagesOf(TaskRuntime.class)
			.stream()
			.filter((type) -> ROOMS.contains(type.getPackageName()))
			.map(JavaClass::reflect)
			.filter(PublicApiTests::isPublic)
			.filter((type) -> !CALLED.contains(type))
			.flatMap(PublicApiTests::doors);
	}

	private static Stream<Executable> doors(Class<?> type) {
		Stream<Constructor<?>> constructors = (type.isRecord() && !OPTIONS.contains(type)) ? Stream.empty()
				: Arrays.stream(type.getConstructors());
		Stream<Method> methods = Arrays.stream(type.getDeclaredMethods())
			.filter((method) -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
			.filter((method) -> !method.getName().equals("equals"));
		return Stream.concat(constructors, methods);
	}

	private static boolean isPublic(Class<?> type) {
		return Modifier.isPublic(type.getModifiers())
				&& (type.getDeclaringClass() == null || isPublic(type.getDeclaringClass()));
	}

	private static boolean mustNotBeNull(Parameter parameter) {
		return !parameter.getType().isPrimitive() && !parameter.getAnnotatedType().isAnnotationPresent(Nullable.class);
	}

	private static String name(Executable door) {
		return door.getDeclaringClass().getSimpleName() + "." + door.getName()
				+ Arrays.toString(Arrays.stream(door.getParameterTypes()).map(Class::getSimpleName).toArray());
	}

	private @Nullable Object[] arguments(Executable door) {
		return Arrays.stream(door.getParameterTypes()).map(this::sample).toArray();
	}

	private void call(Executable door, @Nullable Object[] arguments) throws Throwable {
		door.setAccessible(true);
		try {
			if (door instanceof Constructor<?> constructor) {
				constructor.newInstance(arguments);
			}
			else if (Modifier.isStatic(door.getModifiers())) {
				((Method) door).invoke(null, arguments);
			}
			else {
				((Method) door).invoke(sample(door.getDeclaringClass()), arguments);
			}
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

	private Object sample(Class<?> type) {
		Object sample = this.samples.get(type);
		if (sample == null && type.isEnum()) {
			sample = type.getEnumConstants()[0];
		}
		assertThat(sample).as("a sample of " + type).isNotNull();
		return sample;
	}

	private Map<Class<?>, Object> samples() {
		TaskRuntime runtime = this.still.runtime;
		Map<Class<?>, Object> samples = new HashMap<>();
		ActorRef<String> actor = Actors.of(runtime).spawn("sample", () -> new Actor<>() {

			@Override
			public void receive(String message, ActorContext<String> context) {
			}

			@Override
			public void started(ActorContext<String> context) {
				samples.put(ActorContext.class, context);
			}

		});
		JoinHandle<String> handle = runtime.spawn((context) -> {
			samples.put(TaskContext.class, context);
			return Poll.ready("");
		});
		this.still.drain();
		samples.putAll(Map.of(boolean.class, false, int.class, 2, long.class, 1L, double.class, 0.5));
		samples.putAll(Map.of(String.class, "", Object.class, "", Duration.class, Duration.ofMillis(1), Thread.class,
				Thread.currentThread(), Collection.class, List.of(), Set.class, Set.of(), List.class, List.of(),
				Iterable.class, List.of()));
		samples.putAll(Map.of(Runnable.class, (Runnable) () -> {
		}, Callable.class, (Callable<String>) () -> "", Supplier.class, (Supplier<Object>) () -> handle, Consumer.class,
				(Consumer<Object>) (builder) -> {
				}, Function.class, (Function<Object, Object>) (argument) -> "", BiFunction.class,
				(BiFunction<Object, Object, Object>) (left, right) -> "", CompletionStage.class,
				new CompletableFuture<String>(), ThreadFactory.class, (ThreadFactory) Thread::new, TaskBody.class,
				(TaskBody<String>) (context) -> Poll.ready(""), TaskHooks.class, (TaskHooks) (task) -> null));
		samples.putAll(Map.of(TaskRuntime.class, runtime, Strand.class, runtime.newStrand(), JoinHandle.class, handle,
				ActorRef.class, actor, ActorOptions.class, ActorOptions.DEFAULTS, JoinSet.class, new JoinSet<>(runtime),
				TaskTracker.class, new TaskTracker(), CancellationToken.class, new CancellationToken(),
				DriverToken.class, new DriverToken()));
		samples.put(RuntimeDiagnostics.class, runtime.diagnostics());
		samples.put(RuntimeTimers.class, runtime.timers());
		samples.put(TimeUnit.class, TimeUnit.NANOSECONDS);
		samples.put(MissedTicks.class, MissedTicks.SKIP);
		samples.put(Actors.class, Actors.of(runtime));
		samples.put(RuntimeLife.class, RuntimeLife.of(runtime));
		samples.put(Class.class, RuntimeLife.Extension.class);
		samples.put(ForeignThreads.class, ForeignThreads.NONE);
		samples.put(Advice.class, runtime.config().advice());
		samples.put(StrandOptions.class, StrandOptions.DEFAULTS);
		samples.put(WorkContext.class, (WorkContext) () -> WorkDescription.UNKNOWN);
		samples.putAll(Map.of(Ticker.class, Ticker.system(), IoReadiness.class, new IoReadiness() {

			@Override
			public void serve() {
			}

		}, IoDriver.Factory.class, (IoDriver.Factory) ParkingDriver::new, Stalls.class, runtime.diagnostics().stalls(),
				TaskRuntimeConfig.class, runtime.config(), SchedulerProbe.class, SchedulerProbe.of(runtime)));
		TaskRuntimeConfig.of((builder) -> samples.put(TaskRuntimeConfigBuilder.class, builder));
		return samples;
	}

	@Test
	@SuppressWarnings("NullAway") // on purpose
	void nothingIsHalfDoneWithNull() {
		TaskTracker tracker = new TaskTracker();
		assertThatNullPointerException().isThrownBy(() -> tracker.track(null));
		assertThat(tracker.size()).isZero();
		JoinSet<String> set = new JoinSet<>(this.still.runtime);
		assertThatNullPointerException().isThrownBy(() -> set.add(null));
		assertThat(set.size()).isZero();
	}

	@Test
	void shutdownTakesTheLongestTimes() {
		this.still.runtime.shutdown(ENDLESS, ENDLESS);
		assertThat(this.still.runtime.isShuttingDown()).isTrue();
		TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.defaults());
		Await.result(runtime.shutdown(ENDLESS.negated(), ENDLESS));
	}

	@Test
	void endlessWaitsAreWaitedFor() {
		TaskRuntime runtime = this.still.runtime;
		JoinHandle<Void> sleep = runtime.sleep(ENDLESS);
		CompletionStage<String> timeout = runtime.timeout(new CompletableFuture<>(), ENDLESS);
		StrandTimer timer = runtime.timers().schedule(() -> {
		}, Long.MAX_VALUE, TimeUnit.DAYS);
		Interval interval = runtime.timers().interval(ENDLESS, MissedTicks.SKIP);
		CompletionStage<Long> first = interval.tick();
		this.still.drain();
		CompletionStage<Long> second = interval.tick();
		this.still.ticker.advance(Duration.ofDays(10_000));
		this.still.fireTimers();
		this.still.drain();
		assertThat(first.toCompletableFuture()).isCompletedWithValue(0L);
		assertThat(Stream.of(sleep, timeout, second)).noneMatch((stage) -> stage.toCompletableFuture().isDone());
		assertThat(timer.isArmed()).isTrue();
	}

	@Test
	void whatIsOverIsNotWaitedFor() {
		JoinHandle<Void> sleep = this.still.runtime.sleep(ENDLESS.negated());
		this.still.drain();
		assertThat(sleep.isFinished()).isTrue();
	}

	@Test
	void negativeLimitIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.still.runtime.diagnostics().tasks(-1))
			.withMessage("limit must not be negative, but was -1");
		assertThat(this.still.runtime.diagnostics().tasks(0)).isEmpty();
	}

	@Test
	void resultOfABlockingJobBelongsToTheJob() {
		try (TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.defaults())) {
			CompletableFuture<String> gate = new CompletableFuture<>();
			CompletionStage<String> result = runtime.spawnBlocking(gate::join);
			assertThat(result.toCompletableFuture().complete("fake")).isTrue();
			assertThat(result.toCompletableFuture()).isNotDone();
			CompletableFuture<String> future = (CompletableFuture<String>) result;
			List<Consumer<CompletableFuture<String>>> fakes = List.of((fake) -> fake.complete("fake"),
					(fake) -> fake.completeExceptionally(new IllegalStateException()),
					(fake) -> fake.obtrudeValue("fake"), (fake) -> fake.obtrudeException(new IllegalStateException()),
					(fake) -> fake.completeAsync(() -> "fake"),
					(fake) -> fake.completeAsync(() -> "fake", Runnable::run),
					(fake) -> fake.completeOnTimeout("fake", 0, TimeUnit.SECONDS),
					(fake) -> fake.orTimeout(0, TimeUnit.SECONDS));
			assertThat(fakes).allSatisfy((fake) -> assertThatExceptionOfType(UnsupportedOperationException.class)
				.isThrownBy(() -> fake.accept(future)));
			gate.complete("real");
			assertThat(Await.<String>result(result)).isEqualTo("real");
		}
	}

	@Test
	void blockingJobThatIsCancelledBeforeItsTurnNeverRuns() {
		try (TaskRuntime runtime = TaskRuntime
			.start(TaskRuntimeConfig.of((builder) -> builder.workers(1).blockingThreads(1)))) {
			CompletableFuture<String> gate = new CompletableFuture<>();
			CompletionStage<String> first = runtime.spawnBlocking(gate::join);
			CompletableFuture<Boolean> ran = new CompletableFuture<>();
			CompletionStage<Boolean> second = runtime.spawnBlocking(() -> ran.complete(true));
			assertThat(second.toCompletableFuture().cancel(true)).isTrue();
			CompletionStage<String> third = runtime.spawnBlocking(() -> "third");
			gate.complete("first");
			assertThat(Await.<String>result(first)).isEqualTo("first");
			assertThat(Await.<String>result(third)).isEqualTo("third");
			assertThat(ran).isNotDone();
			assertThat((CompletableFuture<Boolean>) second).isCancelled();
		}
	}

	@Test
	void nobodyElseCompletesTheNextTaskOfASet() {
		JoinSet<String> set = new JoinSet<>(this.still.runtime);
		set.spawn(() -> "first");
		CompletionStage<@Nullable JoinHandle<String>> next = set.next();
		next.toCompletableFuture().cancel(true);
		CompletionStage<@Nullable JoinHandle<String>> timed = this.still.runtime.timeout(next, ENDLESS);
		this.still.drain();
		assertThat(timed.toCompletableFuture()).isCompletedWithValueMatching((handle) -> handle.join().equals("first"));
	}

	@Test
	void stageThatNobodyCanCancelIsAwaited() {
		CompletableFuture<String> source = new CompletableFuture<>();
		JoinHandle<String> task = this.still.runtime.spawnAsync(source::minimalCompletionStage);
		JoinHandle<String> body = this.still.runtime
			.spawn((context) -> context.await(source.minimalCompletionStage()) ? Poll.ready("") : Poll.suspended());
		this.still.drain();
		task.abort();
		this.still.drain();
		assertThat(task.status()).isEqualTo(TaskStatus.CANCELLED);
		source.complete("");
		this.still.drain();
		assertThat(body.join()).isEmpty();
	}

}
