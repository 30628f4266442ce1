package dev.loopline.test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import dev.loopline.runtime.BlockingThreads;
import dev.loopline.runtime.Priority;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.StrandOptions;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.internal.support.SpinLock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what a {@link SteppedRuntime} knows of the lane for what blocks, and of
 * priorities.
 */
class SteppedRuntimeTests {

	private static final int SEEDS = 200;

	private static Strand mayBlock(TaskRuntime runtime, String route) {
		return runtime.newStrand(StrandOptions.DEFAULTS.blocking().route(route));
	}

	@Test
	void workOfAnyPriorityRuns() {
		try (SteppedRuntime stepped = SteppedRuntime.start(1)) {
			List<Priority> ran = new ArrayList<>();
			for (Priority priority : Priority.values()) {
				Strand strand = stepped.runtime().newStrand();
				strand.setPriority(priority);
				strand.execute(() -> ran.add(priority));
			}
			stepped.runUntilIdle();
			assertThat(ran).containsExactlyInAnyOrder(Priority.values());
		}
	}

	@Test
	void anotherRouteHasAThreadOfTheReserve() {
		assertThat(requestsBeforeTheOther("a")).containsExactly(-1);
	}

	@Test
	void routesTakeTurnsOnceTheReserveIsUsedUp() {
		assertThat(requestsBeforeTheOther("a", "b")).contains(1).isSubsetOf(-1, 0, 1, 2);
	}

	private static Set<Integer> requestsBeforeTheOther(String... routes) {
		Set<Integer> before = new HashSet<>();
		for (long seed = 0; seed < SEEDS; seed++) {
			before.add(requestsBeforeTheOther(seed, routes));
		}
		return before;
	}

	/**
	 * Returns how many requests of some routes run while one of another route waits.
	 * @return -1 if that one did not have to wait
	 */
	private static int requestsBeforeTheOther(long seed, String... routes) {
		try (SteppedRuntime stepped = SteppedRuntime.start(seed,
				(builder) -> builder.blockingThreads(1).blockingOn(BlockingThreads.PLATFORM, 0))) {
			List<String> ran = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				String route = routes[i % routes.length];
				mayBlock(stepped.runtime(), route).execute(() -> ran.add(route));
			}
			Strand other = mayBlock(stepped.runtime(), "other");
			other.execute(() -> ran.add("other"));
			int ranBefore = -1;
			while (stepped.step()) {
				if (ranBefore < 0 && StrandInstrumentation.waitingAlike(other) > 0) {
					ranBefore = ran.size();
				}
			}
			assertThat(ran).hasSize(21);
			return (ranBefore < 0) ? -1 : ran.indexOf("other") - ranBefore;
		}
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadsThatWaitForEachOtherGoOn() {
		Interleavings.explore(SEEDS, (stepped) -> {
			SynchronousQueue<Integer> meeting = new SynchronousQueue<>();
			CompletableFuture<Integer> result = new CompletableFuture<>();
			mayBlock(stepped.runtime(), "take").execute(() -> result.complete(take(meeting)));
			mayBlock(stepped.runtime(), "put").execute(() -> put(meeting, 17));
			assertThat(stepped.await(result)).isEqualTo(17);
		});
	}

	private static int take(SynchronousQueue<Integer> queue) {
		try {
			return queue.take();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void put(SynchronousQueue<Integer> queue, int value) {
		try {
			queue.put(value);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void nobodyWaitsBehindAVirtualThreadThatHasNoCarrier() {
		try (SteppedRuntime stepped = SteppedRuntime.start(1)) {
			SpinLock lock = new SpinLock();
			AtomicBoolean locked = new AtomicBoolean();
			mayBlock(stepped.runtime(), "a").execute(() -> {
				lock.lock();
				locked.set(true);
				lock.unlock();
			});
			lock.lock();
			for (int i = 0; i < 10; i++) {
				stepped.step(); // it comes to wait
			}
			lock.unlock();
			lock.lock(); // a monitor would be for the other one
			assertThat(locked).isFalse();
			lock.unlock();
			stepped.runUntilIdle();
			assertThat(locked).isTrue();
		}
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void plantedDeadlockOfVirtualThreadsIsFoundAndShownAgain() {
		long seed = 0;
		while (seed < SEEDS && !deadlocks(seed)) {
			seed++;
		}
		assertThat(seed).isLessThan(SEEDS);
		long found = seed;
		assertThat(deadlocks(found)).isTrue();
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> Interleavings.replay(found, SteppedRuntimeTests::lockInBothOrders))
			.withMessageContaining("seed " + found);
	}

	private static boolean deadlocks(long seed) {
		try {
			Interleavings.replay(seed, SteppedRuntimeTests::lockInBothOrders);
			return false;
		}
		catch (AssertionError ex) {
			return true;
		}
	}

	private static void lockInBothOrders(SteppedRuntime stepped) {
		Lock one = new ReentrantLock();
		Lock other = new ReentrantLock();
		AtomicInteger left = new AtomicInteger(2);
		CompletableFuture<Void> done = new CompletableFuture<>();
		mayBlock(stepped.runtime(), "a").execute(() -> lockBoth(one, other, left, done));
		mayBlock(stepped.runtime(), "b").execute(() -> lockBoth(other, one, left, done));
		stepped.await(done);
	}

	private static void lockBoth(Lock first, Lock second, AtomicInteger left, CompletableFuture<Void> done) {
		first.lock();
		try {
			Thread.yield(); // others may come in between
			second.lock();
			second.unlock();
		}
		finally {
			first.unlock();
		}
		if (left.decrementAndGet() == 0) {
			done.complete(null);
		}
	}

}
