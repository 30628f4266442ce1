package dev.loopline.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Injector}.
 */
class InjectorTests {

	private final Injector injector = new Injector();

	private final StillRuntime still = new StillRuntime();

	@Test
	void isEmptyAtFirst() {
		assertThat(this.injector.isEmpty()).isTrue();
		assertThat(this.injector.size()).isZero();
		assertThat(this.injector.pop()).isNull();
	}

	@Test
	void popsInTheOrderOfPushes() {
		Strand[] strands = this.still.newStrands(3);
		for (Strand strand : strands) {
			this.injector.push(strand);
		}
		assertThat(this.injector.size()).isEqualTo(3);
		for (Strand strand : strands) {
			assertThat(this.injector.isEmpty()).isFalse();
			assertThat(this.injector.pop()).isSameAs(strand);
		}
		assertThat(this.injector.isEmpty()).isTrue();
		assertThat(this.injector.pop()).isNull();
		assertThat(this.injector.size()).isZero();
	}

	@Test
	void manyThreadsPushAndPopEveryStrandOnce() {
		Strand[] strands = this.still.newStrands(4_000);
		Set<Work> popped = ConcurrentHashMap.newKeySet();
		List<Thread> threads = new ArrayList<>();
		for (int producer = 0; producer < 2; producer++) {
			int offset = producer;
			threads.add(new Thread(() -> {
				for (int i = offset; i < strands.length; i += 2) {
					this.injector.push(strands[i]);
				}
			}));
			threads.add(new Thread(() -> {
				while (popped.size() < strands.length) {
					Work work = this.injector.pop();
					if (work != null && !popped.add(work)) {
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
		assertThat(popped).containsExactlyInAnyOrder(strands);
		assertThat(this.injector.size()).isZero();
	}

}
