package dev.loopline.runtime;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RunQueue} with a producer and two thieves.
 */
class RunQueueStressTests {

	private static final int STRANDS = 10_000;

	private static final int ROUNDS = 40;

	private final Strand[] strands = new StillRuntime().newStrands(STRANDS);

	private final Map<Strand, Integer> numbers = new IdentityHashMap<>();

	private final AtomicIntegerArray taken = new AtomicIntegerArray(STRANDS);

	private final AtomicInteger left = new AtomicInteger();

	RunQueueStressTests() {
		for (int i = 0; i < STRANDS; i++) {
			this.numbers.put(this.strands[i], i);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 4, 256 })
	void everyStrandIsTakenExactlyOnce(int capacity) {
		RunQueue queue = new RunQueue(capacity);
		this.left.set(STRANDS);
		CyclicBarrier rounds = new CyclicBarrier(3, () -> this.left.set(STRANDS));
		Thread[] thieves = { start(rounds, (round) -> steal(queue, capacity)),
				start(rounds, (round) -> steal(queue, capacity)) };
		Thread producer = start(rounds, (round) -> produce(queue, round));
		Await.end(producer);
		for (Thread thief : thieves) {
			Await.end(thief);
		}
		for (int i = 0; i < STRANDS; i++) {
			assertThat(this.taken.get(i)).isEqualTo(ROUNDS);
		}
		assertThat(queue.isEmpty()).isTrue();
	}

	private Thread start(CyclicBarrier rounds, IntConsumer round) {
		Thread thread = new Thread(() -> {
			try {
				for (int i = 1; i <= ROUNDS; i++) {
					round.accept(i);
					rounds.await();
				}
			}
			catch (Exception ex) {
				throw new AssertionError(ex);
			}
		});
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	private void produce(RunQueue queue, int round) {
		FastRandom random = new FastRandom(round);
		for (Strand strand : this.strands) {
			queue.push(strand, this::take);
			if (random.nextInt(4) == 0) {
				takeNullable(queue.pop());
			}
		}
		while (this.left.get() > 0) {
			takeNullable(queue.pop());
		}
		for (int i = 0; i < STRANDS; i++) {
			assertThat(this.taken.get(i)).isEqualTo(round);
		}
	}

	private void steal(RunQueue queue, int capacity) {
		RunQueue own = new RunQueue(capacity);
		while (this.left.get() > 0) {
			int stolen = queue.stealInto(own);
			assertThat(own.size()).isEqualTo(stolen);
			for (int i = 0; i < stolen; i++) {
				take(own.pop());
			}
		}
	}

	private void takeNullable(Work work) {
		if (work != null) {
			take(work);
		}
	}

	private void take(Work work) {
		this.taken.incrementAndGet(this.numbers.get(work));
		this.left.decrementAndGet();
	}

}
