package dev.loopline.runtime;

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

	private final StillRuntime still = new StillRuntime();

	private final List<Work> overflow = new ArrayList<>();

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 1, 3, 255 })
	void refusesCapacityThatIsNoPowerOfTwo(int capacity) {
		assertThatIllegalArgumentException().isThrownBy(() -> new RunQueue(capacity));
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 4, 256 })
	void popsInTheOrderOfPushes(int capacity) {
		RunQueue queue = new RunQueue(capacity);
		Strand[] strands = this.still.newStrands(capacity);
		pushAll(queue, strands);
		assertThat(queue.size()).isEqualTo(capacity);
		assertThat(popAll(queue)).containsExactly(strands);
		assertThat(queue.isEmpty()).isTrue();
		assertThat(this.overflow).isEmpty();
	}

	@Test
	void popOfAnEmptyQueueReturnsNull() {
		assertThat(new RunQueue(4).pop()).isNull();
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 4, 256 })
	void overflowMovesTheOlderHalfAndTheNewStrandInOrder(int capacity) {
		RunQueue queue = new RunQueue(capacity);
		Strand[] strands = this.still.newStrands(capacity + 1);
		for (int i = 0; i < capacity; i++) {
			assertThat(queue.push(strands[i], this.overflow::add)).isFalse();
		}
		assertThat(queue.push(strands[capacity], this.overflow::add)).isTrue();
		List<Work> moved = new ArrayList<>(List.of(strands).subList(0, capacity / 2));
		moved.add(strands[capacity]);
		assertThat(this.overflow).containsExactlyElementsOf(moved);
		assertThat(popAll(queue)).containsExactlyElementsOf(List.of(strands).subList(capacity / 2, capacity));
	}

	@ParameterizedTest
	@CsvSource({ "4, 1, 1", "4, 2, 1", "4, 3, 2", "4, 4, 2", "256, 255, 128", "256, 256, 128" })
	void stealTakesTheOlderHalfRoundedUp(int capacity, int size, int stolen) {
		RunQueue victim = new RunQueue(capacity);
		RunQueue thief = new RunQueue(capacity);
		Strand[] strands = this.still.newStrands(size);
		pushAll(victim, strands);
		assertThat(victim.stealInto(thief)).isEqualTo(stolen);
		assertThat(victim.size()).isEqualTo(size - stolen);
		assertThat(thief.size()).isEqualTo(stolen);
		assertThat(popAll(thief)).containsExactlyElementsOf(List.of(strands).subList(0, stolen));
		assertThat(popAll(victim)).containsExactlyElementsOf(List.of(strands).subList(stolen, size));
	}

	@Test
	void stealFromAnEmptyQueueTakesNothing() {
		RunQueue thief = new RunQueue(4);
		assertThat(new RunQueue(4).stealInto(thief)).isZero();
		assertThat(thief.isEmpty()).isTrue();
	}

	@Test
	void stealAppendsToWhatTheThiefHas() {
		RunQueue victim = new RunQueue(4);
		RunQueue thief = new RunQueue(4);
		Strand[] strands = this.still.newStrands(6);
		pushAll(thief, strands[0], strands[1]);
		pushAll(victim, strands[2], strands[3], strands[4], strands[5]);
		assertThat(victim.stealInto(thief)).isEqualTo(2);
		assertThat(popAll(thief)).containsExactly(strands[0], strands[1], strands[2], strands[3]);
	}

	@Test
	void stealTakesNoMoreThanTheThiefHasRoomFor() {
		RunQueue victim = new RunQueue(8);
		RunQueue thief = new RunQueue(4);
		pushAll(thief, this.still.newStrands(2));
		pushAll(victim, this.still.newStrands(8));
		assertThat(victim.stealInto(thief)).isEqualTo(2);
		assertThat(victim.size()).isEqualTo(6);
	}

	@Test
	void thiefThatIsMoreThanHalfFullStealsNothing() {
		RunQueue victim = new RunQueue(4);
		RunQueue thief = new RunQueue(4);
		pushAll(thief, this.still.newStrands(3));
		pushAll(victim, this.still.newStrands(4));
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
		Strand[] strands = this.still.newStrands(64);
		for (int step = 0; step < 20_000; step++) {
			switch (random.nextInt(8)) {
				case 0, 1, 2, 3 -> victim.push(strands[random.nextInt(strands.length)]);
				case 4, 5 -> victim.pop();
				case 6 -> thief.pop();
				default -> victim.stealInto(thief);
			}
		}
		assertThat(popAll(victim.queue)).containsExactlyElementsOf(victim.expected);
		assertThat(popAll(thief.queue)).containsExactlyElementsOf(thief.expected);
	}

	private void pushAll(RunQueue queue, Strand... strands) {
		for (Strand strand : strands) {
			queue.push(strand, this.overflow::add);
		}
	}

	private static List<Work> popAll(RunQueue queue) {
		List<Work> popped = new ArrayList<>();
		Work work;
		while ((work = queue.pop()) != null) {
			popped.add(work);
		}
		return popped;
	}

	/**
	 * A queue beside the list that says what must be in it.
	 */
	private static final class Model {

		private final int capacity;

		private final RunQueue queue;

		private final Deque<Work> expected = new ArrayDeque<>();

		Model(int capacity, int startIndex) {
			this.capacity = capacity;
			this.queue = startingAt(new RunQueue(capacity), startIndex);
		}

		void push(Work work) {
			Collection<Work> moved = new ArrayList<>();
			Collection<Work> expectedMoved = new ArrayList<>();
			if (this.expected.size() == this.capacity) {
				for (int i = 0; i < this.capacity / 2; i++) {
					expectedMoved.add(this.expected.remove());
				}
				expectedMoved.add(work);
			}
			else {
				this.expected.add(work);
			}
			assertThat(this.queue.push(work, moved::add)).isEqualTo(!expectedMoved.isEmpty());
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

		private static RunQueue startingAt(RunQueue queue, int index) {
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
