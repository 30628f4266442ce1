package dev.loopline.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatObject;

/**
 * Tests for {@link JoinSet}.
 */
class JoinSetTests {

	private final StillRuntime still = new StillRuntime();

	private final TaskRuntime runtime = this.still.runtime;

	@Test
	void setTellsEndsInTheOrderInWhichTheyCome() {
		JoinSet<Integer> set = new JoinSet<>(this.runtime);
		CompletableFuture<Integer> late = new CompletableFuture<>();
		JoinHandle<Integer> first = set.add(this.runtime.spawnAsync(() -> late));
		JoinHandle<Integer> second = set.spawn(() -> 2);
		assertThat(set.size()).isEqualTo(2);
		this.still.drain();
		assertThatObject(set.joinNext()).isSameAs(second);
		late.complete(1);
		this.still.drain();
		assertThatObject(set.joinNext()).isSameAs(first);
		assertThat(set.joinNext()).isNull();
		assertThat(set.size()).isZero();
	}

	@Test
	void waitersAreToldOnceEach() {
		JoinSet<Integer> set = new JoinSet<>(this.runtime);
		set.spawn(() -> 1);
		List<Object> told = new ArrayList<>();
		set.next().thenAccept(told::add);
		set.next().thenAccept(told::add);
		this.still.drain();
		assertThat(told).hasSize(2).containsOnlyOnce((Object) null);
	}

	@Test
	void closedSetAbortsItsTasks() {
		AtomicInteger ran = new AtomicInteger();
		JoinHandle<Integer> task;
		try (JoinSet<Integer> set = new JoinSet<>(this.runtime)) {
			task = set.spawn(ran::incrementAndGet);
		}
		this.still.drain();
		assertThat(ran).hasValue(0);
		assertThat(task.isFinished()).isTrue();
	}

	@Test
	void joinAllAbortsTheOthersWhenOneFails() {
		CompletableFuture<Integer> never = new CompletableFuture<>();
		JoinSet<Integer> set = new JoinSet<>(this.runtime);
		JoinHandle<Integer> waiting = set.add(this.runtime.spawnAsync(() -> never));
		set.spawn(() -> {
			throw new IllegalStateException("expected");
		});
		this.still.drain();
		assertThatExceptionOfType(TaskFailedException.class).isThrownBy(set::joinAll);
		assertThat(waiting.status()).isEqualTo(TaskStatus.CANCELLED);
	}

	@Test
	void joinAllReturnsResultsInTheOrderOfTheEnds() {
		JoinSet<Integer> set = new JoinSet<>(this.runtime);
		set.spawn(() -> 1);
		set.spawn(() -> 2);
		this.still.drain();
		assertThat(set.joinAll()).containsExactly(1, 2);
	}

	@Test
	void detachedTasksRunOn() {
		AtomicInteger ran = new AtomicInteger();
		try (JoinSet<Integer> set = new JoinSet<>(this.runtime)) {
			set.spawn(ran::incrementAndGet);
			set.detachAll();
			assertThat(set.joinNext()).isNull();
		}
		this.still.drain();
		assertThat(ran).hasValue(1);
	}

}
