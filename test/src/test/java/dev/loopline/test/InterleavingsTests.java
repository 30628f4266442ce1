package dev.loopline.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import dev.loopline.runtime.JoinHandle;
import dev.loopline.runtime.Poll;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.actor.ActorRef;
import dev.loopline.runtime.actor.Actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests for {@link Interleavings} and {@link SteppedRuntime}.
 */
class InterleavingsTests {

	@Test
	void sameSeedGivesTheSameOrderEveryTime() {
		List<String> first = orderOf(42);
		for (int i = 0; i < 1_000; i++) {
			assertThat(orderOf(42)).isEqualTo(first);
		}
	}

	@Test
	void seedsGiveManyOrders() {
		Set<List<String>> orders = new HashSet<>();
		for (long seed = 0; seed < 100; seed++) {
			orders.add(orderOf(seed));
		}
		assertThat(orders).hasSizeGreaterThan(90);
	}

	@Test
	void plantedRaceIsFoundAndShownAgain() {
		InterleavingTest test = (stepped) -> {
			Account account = new Account(100);
			JoinHandle<Void> first = account.withdrawRacily(stepped.runtime(), 80);
			JoinHandle<Void> second = account.withdrawRacily(stepped.runtime(), 80);
			stepped.await(first);
			stepped.await(second);
			assertThat(account.balance).isNotNegative();
		};
		AssertionError failure = null;
		try {
			Interleavings.explore(1_000, test);
		}
		catch (AssertionError ex) {
			failure = ex;
		}
		assertThat(failure).isNotNull();
		String seed = failure.getMessage().replaceAll("(?s)Fails with seed (\\d+).*", "$1");
		for (int i = 0; i < 10; i++) {
			assertThatExceptionOfType(AssertionError.class)
				.isThrownBy(() -> Interleavings.replay(Long.parseLong(seed), test));
		}
	}

	@Test
	void actorsHaveNoSuchRace() {
		Interleavings.explore(200, (stepped) -> {
			Account account = new Account(100);
			ActorRef<Integer> actor = Actors.of(stepped.runtime()).spawn("account", () -> (amount, context) -> {
				if (account.balance >= amount) {
					account.balance -= amount;
				}
			});
			for (int i = 0; i < 3; i++) {
				stepped.runtime().spawn(() -> actor.tell(80));
			}
			stepped.runUntilIdle();
			assertThat(account.balance).isEqualTo(20);
		});
	}

	@Test
	void timePassesOnlyWhenNothingElseIsLeft() {
		try (SteppedRuntime stepped = SteppedRuntime.start(1)) {
			List<String> order = new ArrayList<>();
			JoinHandle<String> late = stepped.runtime()
				.spawnAsync(() -> stepped.runtime().sleep(Duration.ofDays(1)).thenApply((slept) -> "late"));
			late.thenAccept(order::add);
			stepped.runtime().sleep(Duration.ofMillis(1)).thenRun(() -> order.add("early"));
			stepped.runtime().spawnBlocking(() -> order.add("job"));
			assertThat(stepped.await(late)).isEqualTo("late");
			assertThat(order).containsExactly("job", "early", "late");
		}
	}

	@Test
	void longestTimeIsWaitedForAndNoneIsGoneBack() {
		Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
		try (SteppedRuntime stepped = SteppedRuntime.start(1)) {
			JoinHandle<Void> sleep = stepped.runtime().sleep(Duration.ofDays(10_000));
			stepped.advance(endless);
			stepped.advance(endless);
			stepped.runUntilIdle();
			assertThat(sleep.isFinished()).isTrue();
			assertThatIllegalArgumentException().isThrownBy(() -> stepped.advance(endless.negated()));
		}
	}

	@Test
	@SuppressWarnings("NullAway") // on purpose
	void nullIsRefused() {
		try (SteppedRuntime stepped = SteppedRuntime.start(1)) {
			assertThatNullPointerException().isThrownBy(() -> stepped.advance(null));
			assertThatNullPointerException().isThrownBy(() -> stepped.await(null));
		}
	}

	@Test
	void actorsEndWithTheRuntime() {
		List<ActorRef<String>> actors = new ArrayList<>();
		Interleavings.replay(1, (stepped) -> {
			actors.add(Actors.of(stepped.runtime()).spawn("actor", () -> (message, context) -> {
			}));
			actors.get(0).tell("message");
		});
		assertThat(actors.get(0).snapshot().stopped()).isTrue();
	}

	@Test
	void deadlockIsAFailure() {
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> Interleavings.replay(7,
					(stepped) -> stepped.await(stepped.runtime().spawn((task) -> Poll.suspended()))))
			.withMessageContaining("With seed 7 nothing is left to run");
	}

	private static List<String> orderOf(long seed) {
		List<String> order = new ArrayList<>();
		try (SteppedRuntime stepped = SteppedRuntime.start(seed)) {
			TaskRuntime runtime = stepped.runtime();
			for (int i = 0; i < 5; i++) {
				String name = "task" + i;
				int[] polls = new int[1];
				runtime.spawn((task) -> {
					order.add(name);
					return (++polls[0] < 4) ? Poll.yielded() : Poll.ready(name);
				});
			}
			stepped.runUntilIdle();
		}
		return order;
	}

	/**
	 * Checks and acts in two steps.
	 */
	private static final class Account {

		private int balance;

		Account(int balance) {
			this.balance = balance;
		}

		JoinHandle<Void> withdrawRacily(TaskRuntime runtime, int amount) {
			boolean[] checked = new boolean[1];
			return runtime.spawn((task) -> {
				if (!checked[0]) {
					checked[0] = true;
					return (this.balance >= amount) ? Poll.yielded() : Poll.ready(null);
				}
				this.balance -= amount;
				return Poll.ready(null);
			});
		}

	}

}
