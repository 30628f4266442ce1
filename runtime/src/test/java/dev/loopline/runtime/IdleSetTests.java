package dev.loopline.runtime;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link IdleSet}.
 */
class IdleSetTests {

	private static final int WORKERS = 4;

	private final StillRuntime still = new StillRuntime(WORKERS);

	private final IdleSet idleSet = new IdleSet(WORKERS);

	@Test
	void everyWorkerIsAwakeAtFirst() {
		assertCounts(0, 0);
		assertThat(this.idleSet.workerToNotify()).isNull();
	}

	@Test
	void atMostHalfOfTheWorkersSearch() {
		assertThat(this.idleSet.transitionToSearching()).isTrue();
		assertThat(this.idleSet.transitionToSearching()).isTrue();
		assertThat(this.idleSet.transitionToSearching()).isFalse();
		assertCounts(0, 2);
	}

	@Test
	void onlyWorkerMaySearch() {
		IdleSet alone = new IdleSet(1);
		assertThat(alone.transitionToSearching()).isTrue();
		assertThat(alone.transitionToSearching()).isFalse();
	}

	@Test
	void oddNumberOfWorkersIsHalvedUpwards() {
		IdleSet three = new IdleSet(3);
		assertThat(three.transitionToSearching()).isTrue();
		assertThat(three.transitionToSearching()).isTrue();
		assertThat(three.transitionToSearching()).isFalse();
	}

	@Test
	void lastSearcherThatFindsWorkIsToldSo() {
		this.idleSet.transitionToSearching();
		this.idleSet.transitionToSearching();
		assertThat(this.idleSet.transitionFromSearching()).isFalse();
		assertThat(this.idleSet.transitionFromSearching()).isTrue();
		assertCounts(0, 0);
	}

	@Test
	void lastSearcherThatParksIsToldSo() {
		this.idleSet.transitionToSearching();
		this.idleSet.transitionToSearching();
		assertThat(this.idleSet.transitionToParked(worker(0), true)).isFalse();
		assertThat(this.idleSet.transitionToParked(worker(1), true)).isTrue();
		assertCounts(2, 0);
	}

	@Test
	void workerThatParksWithoutASearchIsNotTheLastSearcher() {
		assertThat(this.idleSet.transitionToParked(worker(0), false)).isFalse();
		this.idleSet.transitionToSearching();
		assertThat(this.idleSet.transitionToParked(worker(1), false)).isFalse();
		assertCounts(2, 1);
	}

	@Test
	void lastSleeperIsWokenFirstAndCountsAsSearching() {
		park(0, 1, 2);
		assertThat(this.idleSet.workerToNotify()).isSameAs(worker(2));
		assertCounts(2, 1);
	}

	@Test
	void nobodyIsWokenWhileSomebodySearches() {
		park(0, 1);
		this.idleSet.transitionToSearching();
		assertThat(this.idleSet.workerToNotify()).isNull();
		this.idleSet.transitionFromSearching();
		assertThat(this.idleSet.workerToNotify()).isSameAs(worker(1));
		assertThat(this.idleSet.workerToNotify()).isNull();
		this.idleSet.transitionFromSearching();
		assertThat(this.idleSet.workerToNotify()).isSameAs(worker(0));
		this.idleSet.transitionFromSearching();
		assertThat(this.idleSet.workerToNotify()).isNull();
		assertCounts(0, 0);
	}

	@Test
	void pickedWorkerLearnsThatItCountsAsSearching() {
		park(0);
		this.idleSet.workerToNotify();
		assertThat(this.idleSet.transitionFromParked(worker(0))).isFalse();
		assertCounts(0, 1);
	}

	@Test
	void workerThatWakesByItselfCountsAsAwakeOnly() {
		park(0, 1);
		assertThat(this.idleSet.transitionFromParked(worker(0))).isTrue();
		assertCounts(1, 0);
		assertThat(this.idleSet.workerToNotify()).isSameAs(worker(1));
	}

	@Test
	void workerThatWokeByItselfIsNoLongerPicked() {
		park(0);
		this.idleSet.transitionFromParked(worker(0));
		assertThat(this.idleSet.workerToNotify()).isNull();
	}

	@Test
	void nobodyIsWokenWhileAsManyAreAwakeAsMayBe() {
		this.idleSet.limit(2);
		park(0, 1);
		assertThat(this.idleSet.workerToNotify()).isNull();
		park(2);
		assertThat(this.idleSet.workerToNotify()).isSameAs(worker(2));
		this.idleSet.transitionFromSearching();
		assertThat(this.idleSet.workerToNotify()).isNull();
		this.idleSet.limit(3);
		assertThat(this.idleSet.workerToNotify()).isSameAs(worker(1));
	}

	@Test
	void anybodyIsWokenForARescueUnlessSomebodySearches() {
		this.idleSet.limit(1);
		park(0, 1);
		assertThat(this.idleSet.workerToRescue()).isSameAs(worker(1));
		assertThat(this.idleSet.workerToRescue()).isNull();
		this.idleSet.transitionFromSearching();
		assertThat(this.idleSet.workerToRescue()).isSameAs(worker(0));
	}

	@Test
	void workerThatIsOneTooManyDoesNotSearch() {
		this.idleSet.limit(2);
		park(0);
		assertThat(this.idleSet.transitionToSearching()).isFalse();
		park(1);
		assertThat(this.idleSet.transitionToSearching()).isTrue();
		assertThat(this.idleSet.transitionToSearching()).isFalse();
	}

	@Test
	void whoParksLooksOnceMoreIfNotAllMayBeAwake() {
		this.idleSet.limit(3);
		assertThat(this.idleSet.transitionToParked(worker(0), false)).isTrue();
		this.idleSet.limit(WORKERS);
		assertThat(this.idleSet.transitionToParked(worker(1), false)).isFalse();
	}

	@Test
	void noMoreAreAwakeThanThereAre() {
		this.idleSet.limit(WORKERS + 1);
		assertThat(this.idleSet.isLimited()).isFalse();
		assertThat(this.idleSet.workerToNotify()).isNull();
	}

	private void park(int... workers) {
		for (int worker : workers) {
			this.idleSet.transitionToParked(worker(worker), false);
		}
	}

	private Worker worker(int index) {
		return this.still.worker(index);
	}

	private void assertCounts(int parked, int searching) {
		assertThat(this.idleSet.parked()).isEqualTo(parked);
		assertThat(this.idleSet.searching()).isEqualTo(searching);
	}

}
