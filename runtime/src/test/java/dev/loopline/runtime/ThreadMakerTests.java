package dev.loopline.runtime;

import java.net.URL;
import java.net.URLClassLoader;
import java.security.AccessController;
import java.security.Principal;
import java.security.PrivilegedAction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import javax.security.auth.Subject;

import io.netty.util.concurrent.DefaultThreadFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.loopline.runtime.internal.thread.ThreadMaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ThreadMaker}.
 */
class ThreadMakerTests {

	private static final InheritableThreadLocal<String> USER = new InheritableThreadLocal<>();

	private final CountDownLatch gate = new CountDownLatch(1);

	private final ClassLoader application = new URLClassLoader(new URL[0], getClass().getClassLoader());

	private TaskRuntime runtime;

	@AfterEach
	void endRuntime() {
		this.gate.countDown();
		if (this.runtime != null) {
			this.runtime.close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void threadsInheritNothingFromWhoeverNeedsThem(Factory factory) {
		start(factory);
		List<Traits> traits = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			CompletableFuture<Traits> seen = new CompletableFuture<>();
			as("alice", () -> this.runtime.spawnBlocking(() -> {
				seen.complete(Traits.ofCurrentThread());
				Await.open(this.gate); // so that the next one needs a thread
				return null;
			}));
			traits.add(Await.result(seen));
		}
		assertThat(traits).hasSize(3).allSatisfy(this::assertClean);
	}

	@ParameterizedTest
	@EnumSource
	void standInInheritsNothingFromTheHandlerThatBlocks(Factory factory) {
		start(factory);
		CompletableFuture<Traits> seen = new CompletableFuture<>();
		CountDownLatch blocked = new CountDownLatch(1);
		this.runtime.newStrand().execute(() -> {
			USER.set("alice");
			Thread.currentThread().setContextClassLoader(null);
			try {
				TaskRuntime.blockInPlace(() -> {
					blocked.countDown();
					Await.open(this.gate);
					return null;
				});
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
		Await.open(blocked);
		this.runtime.newStrand().execute(() -> seen.complete(Traits.ofCurrentThread()));
		assertClean(Await.result(seen));
	}

	@ParameterizedTest
	@EnumSource
	void workersInheritNothingFromWhoeverStartsTheRuntime(Factory factory) {
		Await.result(as("main", () -> {
			Thread.currentThread().setContextClassLoader(this.application);
			start(factory);
			return null;
		}));
		CompletableFuture<Traits> seen = new CompletableFuture<>();
		this.runtime.newStrand().execute(() -> seen.complete(Traits.ofCurrentThread()));
		assertClean(Await.result(seen));
	}

	@ParameterizedTest
	@EnumSource
	void shutdownInheritsNothingFromWhoeverCallsIt(Factory factory) {
		start(factory);
		CompletableFuture<Traits> seen = new CompletableFuture<>();
		this.runtime.termination().thenRun(() -> seen.complete(Traits.ofCurrentThread()));
		as("alice", () -> this.runtime.shutdown(Duration.ZERO, Duration.ofSeconds(1)));
		assertClean(Await.result(seen));
	}

	@Test
	void interruptedCallerGetsAThreadAndStaysInterrupted() {
		ThreadMaker maker = (ThreadMaker) ThreadMaker.of(Thread::new, RuntimeThreads::add);
		Thread.currentThread().interrupt();
		Thread made = maker.newThread(this.gate::countDown);
		assertThat(Thread.interrupted()).isTrue();
		made.start();
		Await.open(this.gate);
		ThreadMaker.stop(maker);
	}

	@Test
	void factoryMayNeedAThreadItself() {
		AtomicReference<ThreadMaker> self = new AtomicReference<>();
		AtomicInteger calls = new AtomicInteger();
		self.set((ThreadMaker) ThreadMaker.of((runnable) -> (calls.incrementAndGet() == 1)
				? self.get().newThread(runnable) : new Thread(runnable, "inner"), RuntimeThreads::add));
		assertThat(self.get().newThread(this.gate::countDown).getName()).isEqualTo("inner");
		ThreadMaker.stop(self.get());
	}

	@Test
	void failureOfTheFactoryIsThatOfTheCaller() {
		ThreadMaker maker = (ThreadMaker) ThreadMaker.of((runnable) -> {
			throw new NoClassDefFoundError("expected");
		}, RuntimeThreads::add);
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(NoClassDefFoundError.class)
				.isThrownBy(() -> maker.newThread(this.gate::countDown));
		}
		ThreadMaker.stop(maker);
	}

	@Test
	void makerEndsWithTheRuntime() {
		start(Factory.GIVEN);
		this.runtime.close();
		Await.until(() -> Thread.getAllStackTraces().keySet().stream().noneMatch(this::isMaker));
	}

	private boolean isMaker(Thread thread) {
		return thread.getName().equals("loopline-thread-maker") && thread.getContextClassLoader() == this.application;
	}

	private void start(Factory factory) {
		Thread caller = Thread.currentThread();
		ClassLoader before = caller.getContextClassLoader();
		caller.setContextClassLoader(this.application);
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> {
			builder.workers(1);
			if (factory != Factory.DEFAULT) {
				builder.threadFactory((factory == Factory.NETTY) ? new DefaultThreadFactory("made") : Thread::new);
			}
		}));
		caller.setContextClassLoader(before);
	}

	private void assertClean(Traits traits) {
		assertThat(traits.user()).isNull();
		assertThat(traits.subject()).isNull();
		assertThat(traits.classLoader()).isSameAs(this.application);
		assertThat(traits.priority()).isEqualTo(Thread.NORM_PRIORITY);
		assertThat(traits.group()).isNotEqualTo("users");
	}

	/**
	 * Runs something on a thread that has everything that another one could inherit.
	 */
	@SuppressWarnings("removal")
	private static <T> CompletableFuture<T> as(String user, Callable<T> action) {
		CompletableFuture<T> result = new CompletableFuture<>();
		Thread thread = new Thread(new ThreadGroup("users"), () -> {
			USER.set(user);
			Subject subject = new Subject(true, Set.of((Principal) () -> user), Set.of(), Set.of());
			Subject.doAs(subject, (PrivilegedAction<Boolean>) () -> {
				try {
					return result.complete(action.call());
				}
				catch (Throwable ex) {
					return result.completeExceptionally(ex);
				}
			});
		});
		thread.setPriority(Thread.MIN_PRIORITY);
		thread.setContextClassLoader(null);
		thread.start();
		return result;
	}

	enum Factory {

		DEFAULT, NETTY, GIVEN

	}

	/**
	 * What a thread may have inherited.
	 */
	private record Traits(String user, Object subject, ClassLoader classLoader, int priority, String group) {

		static Traits ofCurrentThread() {
			Thread thread = Thread.currentThread();
			return new Traits(USER.get(), currentSubject(), thread.getContextClassLoader(), thread.getPriority(),
					thread.getThreadGroup().getName());
		}

		@SuppressWarnings("removal")
		private static Object currentSubject() {
			try {
				return Subject.getSubject(AccessController.getContext());
			}
			catch (UnsupportedOperationException ex) {
				return null; // from JDK 24 on no thread inherits it
			}
		}

	}

}
