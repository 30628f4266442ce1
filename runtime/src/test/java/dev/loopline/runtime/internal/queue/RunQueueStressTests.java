package dev.loopline.runtime.internal.queue;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.loopline.runtime.Await;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RunQueue} with a producer and two thieves.
 */
class RunQueueStressTests {

	private static final int ITEMS = 10_000;

	private static final int ROUNDS = 40;

	private final Item[] items = Item.several(ITEMS);

	private final Map<Item, Integer> numbers = new IdentityHashMap<>();

	private final AtomicIntegerArray taken = new AtomicIntegerArray(ITEMS);

	private final AtomicInteger left = new AtomicInteger();

	RunQueueStressTests() {
		for (int i = 0; i < ITEMS; i++) {
			this.numbers.put(this.items[i], i);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 4, 256 })
	void everyItemIsTakenExactlyOnce(int capacity) {
		RunQueue<Item> queue = new RunQueue<>(capacity);
		this.left.set(ITEMS);
		CyclicBarrier rounds = new CyclicBarrier(3, () -> this.left.set(ITEMS));
		Thread[] thieves = { start(rounds, (round) -> steal(queue, capacity)),
				start(rounds, (round) -> steal(queue, capacity)) };
		Thread producer = start(rounds, (round) -> produce(queue, round));
		Await.end(producer);
		for (Thread thief : thieves) {
			Await.end(thief);
		}
		for (int i = 0; i < ITEMS; i++) {
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

	private void produce(RunQueue<Item> queue, int round) {
		FastRandom random = new FastRandom(round);
		for (Item item : this.items) {
			queue.push(item, this::take);
			if (random.nextInt(4) == 0) {
				takeNullable(queue.pop());
			}
		}
		while (this.left.get() > 0) {
			takeNullable(queue.pop());
		}
		for (int i = 0; i < ITEMS; i++) {
			assertThat(this.taken.get(i)).isEqualTo(round);
		}
	}

	private void steal(RunQueue<Item> queue, int capacity) {
		RunQueue<Item> own = new RunQueue<>(capacity);
		while (this.left.get() > 0) {
			int stolen = queue.stealInto(own);
			assertThat(own.size()).isEqualTo(stolen);
			for (int i = 0; i < stolen; i++) {
				take(own.pop());
			}
		}
	}

	private void takeNullable(Item item) {
		if (item != null) {
			take(item);
		}
	}

	private void take(Item item) {
		this.taken.incrementAndGet(this.numbers.get(item));
		this.left.decrementAndGet();
	}

}
