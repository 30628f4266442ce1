package dev.loopline.runtime.internal.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.Test;

import dev.loopline.runtime.Await;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Injector}.
 */
class InjectorTests {

	private final Injector<Item> injector = new Injector<>();

	@Test
	void isEmptyAtFirst() {
		assertThat(this.injector.isEmpty()).isTrue();
		assertThat(this.injector.size()).isZero();
		assertThat(this.injector.pop()).isNull();
	}

	@Test
	void popsInTheOrderOfPushes() {
		Item[] items = Item.several(3);
		for (Item item : items) {
			this.injector.push(item);
		}
		assertThat(this.injector.size()).isEqualTo(3);
		for (Item item : items) {
			assertThat(this.injector.isEmpty()).isFalse();
			assertThat(this.injector.pop()).isSameAs(item);
		}
		assertThat(this.injector.isEmpty()).isTrue();
		assertThat(this.injector.pop()).isNull();
		assertThat(this.injector.size()).isZero();
	}

	@Test
	void manyThreadsPushAndPopEveryItemOnce() {
		Item[] items = Item.several(4_000);
		Set<Item> popped = ConcurrentHashMap.newKeySet();
		List<Thread> threads = new ArrayList<>();
		for (int producer = 0; producer < 2; producer++) {
			int offset = producer;
			threads.add(new Thread(() -> {
				for (int i = offset; i < items.length; i += 2) {
					this.injector.push(items[i]);
				}
			}));
			threads.add(new Thread(() -> {
				while (popped.size() < items.length) {
					Item item = this.injector.pop();
					if (item != null && !popped.add(item)) {
						throw new AssertionError("popped twice");
					}
				}
			}));
		}
		threads.forEach((thread) -> {
			thread.setDaemon(true);
			thread.start();
		});
		threads.forEach(Await::end);
		assertThat(popped).containsExactlyInAnyOrder(items);
		assertThat(this.injector.size()).isZero();
	}

}
