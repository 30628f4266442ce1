package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import dev.loopline.runtime.io.IoReadiness;
import dev.loopline.runtime.stall.WorkContext;
import dev.loopline.runtime.stall.WorkDescription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Strand}.
 */
class StrandTests {

	private final StillRuntime still = new StillRuntime();

	private final Strand strand = this.still.newStrand();

	private final List<String> ran = new ArrayList<>();

	@Test
	void belongsToItsRuntime() {
		assertThat(this.strand.runtime()).isSameAs(this.still.runtime);
		assertThat(this.strand.home().index).isZero();
	}

	@Test
	void contextIsWhatWasSetLast() {
		assertThat(this.strand.context()).isNull();
		WorkContext context = () -> WorkDescription.UNKNOWN;
		this.strand.setContext(context);
		assertThat(this.strand.context()).isSameAs(context);
		this.strand.setContext(null);
		assertThat(this.strand.context()).isNull();
	}

	@Test
	void isQueuedOnceHoweverMuchIsOffered() {
		execute("a", "b");
		assertThat(this.still.dequeue()).isSameAs(this.strand);
		assertThat(this.still.dequeue()).isNull();
		execute("c");
		assertThat(this.still.dequeue()).isNull();
	}

	@Test
	void runsItsTasksInOrder() {
		execute("a", "b", "c");
		assertThat(poll(128)).isFalse();
		assertThat(this.ran).containsExactly("a", "b", "c");
		assertThat(this.strand.state()).isEqualTo(StrandState.IDLE);
	}

	@Test
	void runsManyMoreTasksThanAChunkOfItsMailboxHolds() {
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < 1_000; i++) {
			expected.add("task " + i);
			execute("task " + i);
		}
		this.still.drain();
		assertThat(this.ran).isEqualTo(expected);
	}

	@Test
	void isQueuedAgainByTheFirstOfferAfterAPoll() {
		execute("a");
		poll(128);
		execute("b");
		assertThat(this.still.dequeue()).isSameAs(this.strand);
	}

	@Test
	void taskThatOffersToItsOwnStrandIsNotQueuedForIt() {
		this.strand.execute(() -> {
			execute("inner");
			this.ran.add("outer");
		});
		assertThat(poll(128)).isFalse();
		assertThat(this.ran).containsExactly("outer", "inner");
		assertThat(this.still.dequeue()).isNull();
	}

	@Test
	void offerOfAnotherThreadDuringAPollIsServedByIt() {
		this.strand.execute(() -> {
			Await.result(CompletableFuture.runAsync(() -> execute("other")));
			assertThat(this.strand.state()).isEqualTo(StrandState.NOTIFIED);
			assertThat(this.still.dequeue()).isNull();
		});
		assertThat(poll(128)).isFalse();
		assertThat(this.ran).containsExactly("other");
		assertThat(this.strand.state()).isEqualTo(StrandState.IDLE);
	}

	@Test
	void spentBudgetYields() {
		execute("a", "b", "c");
		assertThat(poll(2)).isTrue();
		assertThat(this.ran).containsExactly("a", "b");
		assertThat(this.strand.state()).isEqualTo(StrandState.SCHEDULED);
		assertThat(poll(2)).isFalse();
		assertThat(this.ran).containsExactly("a", "b", "c");
	}

	@Test
	void budgetCountsWhatTasksOfferThemselves() {
		int[] runs = new int[1];
		this.strand.execute(new Runnable() {

			@Override
			public void run() {
				runs[0]++;
				StrandTests.this.strand.execute(this);
			}

		});
		assertThat(poll(50)).isTrue();
		assertThat(runs[0]).isEqualTo(50);
	}

	@Test
	void spentQuantumYieldsAtTheNextLookAtTheClock() {
		for (int i = 0; i < 100; i++) {
			this.strand.execute(() -> {
				this.ran.add("task");
				this.still.ticker.advance(Duration.ofNanos(StillRuntime.QUANTUM_NANOS));
			});
		}
		assertThat(poll(128)).isTrue();
		assertThat(this.ran).hasSizeBetween(1, 16);
		this.still.drain();
		assertThat(this.ran).hasSize(100);
	}

	@Test
	void quantumThatIsNotSpentDoesNotYield() {
		for (int i = 0; i < 100; i++) {
			this.strand.execute(() -> {
				this.ran.add("task");
				this.still.ticker.advance(Duration.ofNanos(StillRuntime.QUANTUM_NANOS / 200));
			});
		}
		assertThat(poll(128)).isFalse();
		assertThat(this.ran).hasSize(100);
	}

	@Test
	void lastTaskIsRefusedOutsideOfWorkers() {
		List<Boolean> queued = new ArrayList<>();
		this.strand.execute(() -> queued.add(this.strand.executeLast(() -> this.ran.add("last"))));
		execute("a");
		this.still.drain();
		assertThat(queued).containsExactly(false);
		assertThat(this.ran).containsExactly("a");
	}

	@Test
	void readinessIsServedAfterTheTasks() {
		this.strand.ready(readiness("readiness"));
		execute("a", "b");
		assertThat(poll(128)).isFalse();
		assertThat(this.ran).containsExactly("a", "b", "readiness");
	}

	@Test
	void taskOfAReadinessIsRunBeforeTheNextReadiness() {
		this.strand.ready(readiness("second"));
		this.strand.ready(new IoReadiness() {

			@Override
			public void serve() {
				StrandTests.this.ran.add("first");
				execute("task");
			}

		});
		poll(128);
		assertThat(this.ran).containsExactly("first", "task", "second");
	}

	@Test
	void readinessIsServedWhenTasksHaveSpentTheBudget() {
		this.strand.ready(readiness("readiness"));
		execute("a", "b", "c");
		assertThat(poll(2)).isTrue();
		assertThat(this.ran).containsExactly("a", "b");
		assertThat(poll(2)).isTrue();
		assertThat(this.ran).containsExactly("a", "b", "readiness", "c");
	}

	@Test
	void everyReadinessIsServedOnce() {
		for (int i = 0; i < 5; i++) {
			this.strand.ready(readiness("readiness " + i));
		}
		assertThat(this.still.dequeue()).isSameAs(this.strand);
		this.still.poll(this.strand, 2);
		this.still.drain();
		assertThat(this.ran).containsExactlyInAnyOrder("readiness 0", "readiness 1", "readiness 2", "readiness 3",
				"readiness 4");
	}

	@Test
	void readinessMayBeOfferedAgainOnceItIsServed() {
		int[] served = new int[1];
		this.strand.ready(new IoReadiness() {

			@Override
			public void serve() {
				if (++served[0] < 3) {
					StrandTests.this.strand.ready(this);
				}
			}

		});
		this.still.drain();
		assertThat(served[0]).isEqualTo(3);
	}

	@Test
	void exceptionIsLoggedAndTheNextTaskRuns() {
		try (LogCapture log = new LogCapture(Strand.class)) {
			this.strand.execute(() -> {
				throw new AssertionError("expected");
			});
			execute("next");
			assertThat(poll(128)).isFalse();
			assertThat(log.events()).singleElement()
				.satisfies((event) -> assertThat(event.getThrowableProxy().getMessage()).isEqualTo("expected"));
		}
		assertThat(this.ran).containsExactly("next");
	}

	@Test
	void exceptionOfAReadinessIsLoggedAndTheNextOneIsServed() {
		try (LogCapture log = new LogCapture(Strand.class)) {
			this.strand.ready(readiness("next"));
			this.strand.ready(new IoReadiness() {

				@Override
				public void serve() {
					throw new IllegalStateException("expected");
				}

			});
			assertThat(poll(128)).isFalse();
			assertThat(log.messages()).containsExactly("An I/O handler threw an exception");
		}
		assertThat(this.ran).containsExactly("next");
	}

	@Test
	void interruptOfATaskEndsWithThePoll() {
		this.strand.execute(() -> Thread.currentThread().interrupt());
		poll(128);
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void isCurrentOnlyInsideAPollOnItsThread() {
		assertThat(this.strand.isCurrent()).isFalse();
		assertThat(this.strand.isRunning()).isFalse();
		Thread here = Thread.currentThread();
		Strand other = this.still.newStrand();
		List<Boolean> current = new ArrayList<>();
		this.strand.execute(() -> {
			current.add(this.strand.isCurrent());
			current.add(this.strand.isRunBy(here));
			current.add(this.strand.isRunning());
			current.add(other.isCurrent());
			current.add(Await.result(CompletableFuture.supplyAsync(this.strand::isCurrent)));
		});
		poll(128);
		assertThat(current).containsExactly(true, true, true, false, false);
		assertThat(this.strand.isCurrent()).isFalse();
		assertThat(this.strand.isRunning()).isFalse();
	}

	@Test
	void isNotCurrentAfterAYield() {
		execute("a", "b");
		poll(1);
		assertThat(this.strand.isCurrent()).isFalse();
	}

	@Test
	void closedStrandRefusesTasks() {
		this.strand.close();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> execute("late"));
		assertThat(this.still.dequeue()).isNull();
	}

	@Test
	void closingCancelsFuturesAndNamesTheRest() {
		FutureTask<String> future = new FutureTask<>(() -> "done");
		Runnable lost = new Runnable() {

			@Override
			public void run() {
			}

			@Override
			public String toString() {
				return "a lost task";
			}

		};
		this.strand.execute(future);
		this.strand.execute(lost);
		try (LogCapture log = new LogCapture(Strand.class)) {
			this.strand.close();
			this.strand.close();
			assertThat(log.messages()).containsExactly("The runtime ended before it could run a lost task");
		}
		assertThat(future).isCancelled();
		assertThat(poll(128)).isFalse();
	}

	@Test
	void refusesTasksAndTimersWhenTheRuntimeHasEnded() {
		TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)));
		Strand strand = runtime.newStrand();
		runtime.close();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> strand.execute(() -> {
		}));
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> strand.schedule(() -> {
		}, 1, TimeUnit.SECONDS));
	}

	@Test
	void tasksOfManyProducersKeepTheOrderOfEach() {
		int producers = 3;
		int tasks = 5_000;
		int[] next = new int[producers];
		CountDownLatch offered = new CountDownLatch(producers);
		for (int i = 0; i < producers; i++) {
			int producer = i;
			Thread thread = new Thread(() -> {
				for (int task = 0; task < tasks; task++) {
					int number = task;
					this.strand.execute(() -> {
						if (next[producer] == number) {
							next[producer]++;
						}
					});
				}
				offered.countDown();
			});
			thread.setDaemon(true);
			thread.start();
		}
		Await.until(() -> {
			this.still.drain();
			return offered.getCount() == 0;
		});
		this.still.drain();
		assertThat(next).containsOnly(tasks);
	}

	private void execute(String... names) {
		for (String name : names) {
			this.strand.execute(() -> this.ran.add(name));
		}
	}

	private boolean poll(int budget) {
		assertThat(this.still.dequeue()).isSameAs(this.strand);
		return this.still.poll(this.strand, budget);
	}

	private IoReadiness readiness(String name) {
		return new IoReadiness() {

			@Override
			public void serve() {
				StrandTests.this.ran.add(name);
			}

		};
	}

}
