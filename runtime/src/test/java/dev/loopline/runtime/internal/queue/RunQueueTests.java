package dev.loopline.runtime.internal.queue;

import java.lang.invoke.MethodHandles;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RunQueue}.
 */
class RunQueueTests {

	private final List<Item> overflow = new ArrayList<>();

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 1, 3, 255 })
	void refusesCapacityThatIsNoPowerOfTwo(int capacity) {
		assertThatIllegalArgumentException().isThrownBy(() -> new RunQueue<>(capacity));
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 4, 256 })
	void popsInTheOrderOfPushes(int capacity) {
		RunQueue<Item> queue = new RunQueue<>(capacity);
		Item[] items = Item.several(capacity);
		pushAll(queue, items);
		assertThat(queue.size()).isEqualTo(capacity);
		assertThat(popAll(queue)).containsExactly(items);
		assertThat(queue.isEmpty()).isTrue();
		assertThat(this.overflow).isEmpty();
	}

	@Test
	void popOfAnEmptyQueueReturnsNull() {
		assertThat(new RunQueue<Item>(4).pop()).isNull();
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 4, 256 })
	void overflowMovesTheOlderHalfAndTheNewItemInOrder(int capacity) {
		RunQueue<Item> queue = new RunQueue<>(capacity);
		Item[] items = Item.several(capacity + 1);
		for (int i = 0; i < capacity; i++) {
			assertThat(queue.push(items[i], this.overflow::add)).isFalse();
		}
		assertThat(queue.push(items[capacity], this.overflow::add)).isTrue();
		List<Item> moved = new ArrayList<>(List.of(items).subList(0, capacity / 2));
		moved.add(items[capacity]);
		assertThat(this.overflow).containsExactlyElementsOf(moved);
		assertThat(popAll(queue)).containsExactlyElementsOf(List.of(items).subList(capacity / 2, capacity));
	}

	@ParameterizedTest
	@CsvSource({ "4, 1, 1", "4, 2, 1", "4, 3, 2", "4, 4, 2", "256, 255, 128", "256, 256, 128" })
	void stealTakesTheOlderHalfRoundedUp(int capacity, int size, int stolen) {
		RunQueue<Item> victim = new RunQueue<>(capacity);
		RunQueue<Item> thief = new RunQueue<>(capacity);
		Item[] items = Item.several(size);
		pushAll(victim, items);
		assertThat(victim.stealInto(thief)).isEqualTo(stolen);
		assertThat(victim.size()).isEqualTo(size - stolen);
		assertThat(thief.size()).isEqualTo(stolen);
		assertThat(popAll(thief)).containsExactlyElementsOf(List.of(items).subList(0, stolen));
		assertThat(popAll(victim)).containsExactlyElementsOf(List.of(items).subList(stolen, size));
	}

	@Test
	void stealFromAnEmptyQueueTakesNothing() {
		RunQueue<Item> thief = new RunQueue<>(4);
		assertThat(new RunQueue<Item>(4).stealInto(thief)).isZero();
		assertThat(thief.isEmpty()).isTrue();
	}

	@Test
	void stealAppendsToWhatTheThiefHas() {
		RunQueue<Item> victim = new RunQueue<>(4);
		RunQueue<Item> thief = new RunQueue<>(4);
		Item[] items = Item.several(6);
		pushAll(thief, items[0], items[1]);
		pushAll(victim, items[2], items[3], items[4], items[5]);
		assertThat(victim.stealInto(thief)).isEqualTo(2);
		assertThat(popAll(thief)).containsExactly(items[0], items[1], items[2], items[3]);
	}

	@Test
	void stealTakesNoMoreThanTheThiefHasRoomFor() {
		RunQueue<Item> victim = new RunQueue<>(8);
		RunQueue<Item> thief = new RunQueue<>(4);
		pushAll(thief, Item.several(2));
		pushAll(victim, Item.several(8));
		assertThat(victim.stealInto(thief)).isEqualTo(2);
		assertThat(victim.size()).isEqualTo(6);
	}

	@Test
	void thiefThatIsMoreThanHalfFullStealsNothing() {
		RunQueue<Item> victim = new RunQueue<>(4);
		RunQueue<Item> thief = new RunQueue<>(4);
		pushAll(thief, Item.several(3));
		pushAll(victim, Item.several(4));
		assertThat(victim.stealInto(thief)).isZero();
		assertThat(victim.size()).isEqualTo(4);
	}

	/**
	 * The indices are free-running ints: the starts let them wrap around in each of their
	 * two halves of a long.
	 */
	@ParameterizedTest
	@CsvSource({ "4, 0", "4, 2147483640", "4, -9", "256, 0", "256, 2147483000", "256, -700" })
	void behavesAsTheModelDoes(int capacity, int startIndex) {
		Random random = new Random(capacity + 31L * startIndex);
		Model victim = new Model(capacity, startIndex);
		Model thief = new Model(capacity, -startIndex);
		Item[] items = Item.several(64);
		for (int step = 0; step < 20_000; step++) {
			switch (random.nextInt(8)) {
				case 0, 1, 2, 3 -> victim.push(items[random.nextInt(items.length)]);
				case 4, 5 -> victim.pop();
				case 6 -> thief.pop();
				default -> victim.stealInto(thief);
			}
		}
		assertThat(popAll(victim.queue)).containsExactlyElementsOf(victim.expected);
		assertThat(popAll(thief.queue)).containsExactlyElementsOf(thief.expected);
	}

	private void pushAll(RunQueue<Item> queue, Item... items) {
		for (Item item : items) {
			queue.push(item, this.overflow::add);
		}
	}

	private static List<Item> popAll(RunQueue<Item> queue) {
		List<Item> popped = new ArrayList<>();
		Item item;
		while ((item = queue.pop()) != null) {
			popped.add(item);
		}
		return popped;
	}

	/**
	 * A queue beside the list that says what must be in it.
	 */
	private static final class Model {

		private final int capacity;

		private final RunQueue<Item> queue;

		private final Deque<Item> expected = new ArrayDeque<>();

		Model(int capacity, int startIndex) {
			this.capacity = capacity;
			this.queue = startingAt(new RunQueue<>(capacity), startIndex);
		}

		void push(Item item) {
			Collection<Item> moved = new ArrayList<>();
			Collection<Item> expectedMoved = new ArrayList<>();
			if (this.expected.size() == this.capacity) {
				for (int i = 0; i < this.capacity / 2; i++) {
					expectedMoved.add(this.expected.remove());
				}
				expectedMoved.add(item);
			}
			else {
				this.expected.add(item);
			}
			assertThat(this.queue.push(item, moved::add)).isEqualTo(!expectedMoved.isEmpty());
			assertThat(moved).isEqualTo(expectedMoved);
			checkSize();
		}

		void pop() {
			assertThat(this.queue.pop()).isSameAs(this.expected.poll());
			checkSize();
		}

		void stealInto(Model thief) {
			int stolen = 0;
			if (thief.expected.size() <= thief.capacity / 2) {
				stolen = Math.min((this.expected.size() + 1) / 2, thief.capacity - thief.expected.size());
			}
			for (int i = 0; i < stolen; i++) {
				thief.expected.add(this.expected.remove());
			}
			assertThat(this.queue.stealInto(thief.queue)).isEqualTo(stolen);
			checkSize();
			thief.checkSize();
		}

		private void checkSize() {
			assertThat(this.queue.size()).isEqualTo(this.expected.size());
			assertThat(this.queue.isEmpty()).isEqualTo(this.expected.isEmpty());
		}

		private static RunQueue<Item> startingAt(RunQueue<Item> queue, int index) {
			try {
				MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(RunQueue.class, MethodHandles.lookup());
				lookup.findVarHandle(RunQueue.class, "head", long.class)
					.set(queue, ((long) index << 32) | Integer.toUnsignedLong(index));
				lookup.findVarHandle(RunQueue.class, "tail", int.class).set(queue, index);
				return queue;
			}
			catch (ReflectiveOperationException ex) {
				throw new AssertionError(ex);
			}
		}

	}

}
