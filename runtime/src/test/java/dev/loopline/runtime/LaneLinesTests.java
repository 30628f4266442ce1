package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LaneLines}.
 */
class LaneLinesTests {

	private static final int RESERVE = 8;

	private static final long WHILE = Duration.ofMillis(100).toNanos();

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)));

	private final LaneLines lines = new LaneLines(RESERVE);

	private long now = 17;

	@AfterEach
	void endRuntime() {
		this.runtime.close();
	}

	@Test
	void routesTakeTurns() {
		List<Work> slow = add("slow", 4);
		List<Work> fast = add("fast", 2);
		List<Work> others = addTasks(1);
		assertThat(take(7)).containsExactly(slow.get(0), fast.get(0), others.get(0), slow.get(1), fast.get(1),
				slow.get(2), slow.get(3));
		assertThat(this.lines.next(room(-1), this.now)).isNull();
	}

	@Test
	void routeThatHasHadThreadsForLessTimeIsNext() {
		add("slow", 10);
		List<Work> fast = add("fast", 10);
		LaneLine slowLine = begin();
		LaneLine fastLine = begin();
		this.now += 1;
		this.lines.end(fastLine, this.now);
		this.now += WHILE;
		assertThat(take(3)).containsExactly(fast.get(1), fast.get(2), fast.get(3));
		assertThat(slowLine.usedNanos(this.now)).isEqualTo(WHILE + 1);
		assertThat(fastLine.usedNanos(this.now)).isEqualTo(1);
	}

	@Test
	void routeThatHasJustComeDoesNotMakeTheOthersWaitForWhatTheyHadBefore() {
		add("old", 3);
		LaneLine old = begin();
		this.now += WHILE;
		add("new", 3);
		LaneLine fresh = begin();
		assertThat(fresh.route).isEqualTo("old");
		assertThat(begin().route).isEqualTo("new");
		assertThat(old.threads()).isEqualTo(2);
	}

	@Test
	void whatHasPriorityGoesFirstInItsLine() {
		List<Work> some = add("some", 2);
		Strand first = this.runtime.newStrand(StrandOptions.DEFAULTS.blocking().route("some"));
		first.setPriority(Priority.HIGH);
		Strand second = this.runtime.newStrand(StrandOptions.DEFAULTS.blocking().route("some"));
		second.setPriority(Priority.HIGH);
		this.lines.add(first, LaneLine.Kind.BLOCKING, this.now);
		this.lines.add(second, LaneLine.Kind.BLOCKING, this.now);
		assertThat(this.lines.size()).isEqualTo(4);
		assertThat(this.lines.remove(second)).isTrue();
		this.lines.add(second, LaneLine.Kind.BLOCKING, this.now);
		assertThat(take(4)).containsExactly(first, second, some.get(0), some.get(1));
		assertThat(this.lines.count()).isZero();
	}

	@Test
	void firstCameIsFirstServedUntilTheOldestHasWaitedForTooLong() {
		List<Work> old = add("slow", 3);
		this.now += LaneLine.OVERLOAD_NANOS;
		List<Work> young = add("slow", 2);
		assertThat(take(1)).containsExactly(old.get(0));
		this.now++;
		assertThat(take(3)).containsExactly(young.get(1), young.get(0), old.get(2));
		List<Work> next = add("slow", 2);
		assertThat(take(3)).containsExactly(next.get(1), next.get(0), old.get(1));
	}

	@Test
	void lineThatIsServedInTimeIsNotTurnedByAnother() {
		List<Work> old = add("slow", 2);
		this.now += 2 * LaneLine.OVERLOAD_NANOS;
		List<Work> young = add("fast", 2);
		assertThat(take(4)).containsExactly(old.get(1), young.get(0), old.get(0), young.get(1));
	}

	@Test
	void burnersWaitForPermitsAndBlockersDoNot() {
		Work burner = strand("route", Strand.Pace.BURNING);
		this.lines.add(burner, LaneLine.Kind.BURNING, this.now);
		List<Work> blockers = add("route", 1);
		assertThat(this.lines.burners()).isEqualTo(1);
		LaneLine line = this.lines.next(new Vacancy(false, -1, false), this.now);
		assertThat(line.peek(new Vacancy(false, 0, false), 1, this.now).work()).isSameAs(blockers.get(0));
		assertThat(line.peek(room(0), 1, this.now).work()).isSameAs(burner);
		take(1);
		assertThat(this.lines.burners()).isZero();
		take(1);
		assertThat(this.lines.next(new Vacancy(false, -1, false), this.now)).isNull();
	}

	@Test
	void virtualThreadsTakeNoneOfTheOthers() {
		Work virtual = strand("route", Strand.Pace.BLOCKING);
		this.lines.add(virtual, LaneLine.Kind.VIRTUAL, this.now);
		Vacancy full = new Vacancy(true, RESERVE, false);
		LaneLine line = this.lines.next(full, this.now);
		assertThat(this.lines.next(new Vacancy(false, -1, true), this.now)).isNull();
		this.lines.begin(line, line.peek(full, 0, this.now), 0, this.now);
		assertThat(line.threads()).isZero();
		assertThat(this.lines.count()).isZero();
	}

	@Test
	void threadsBeyondTheMaximumAreForRoutesThatHaveFewerThanAreLeft() {
		add("hangs", 100);
		for (int i = 0; i < 50; i++) {
			begin();
		}
		assertThat(this.lines.next(room(-1), this.now)).isNotNull();
		assertThat(this.lines.next(room(0), this.now)).isNull();
		add("second", 10);
		add("third", 10);
		int[] taken = new int[3];
		int excess = 0;
		for (LaneLine line; (line = this.lines.next(room(excess), this.now)) != null; excess++) {
			this.lines.begin(line, line.peek(room(0), 1, this.now), 1, this.now);
			taken[List.of("hangs", "second", "third").indexOf(line.route)]++;
		}
		assertThat(taken).containsExactly(0, 3, 3);
		add("fourth", 10);
		assertThat(this.lines.next(room(excess), this.now).route).isEqualTo("fourth");
		assertThat(this.lines.next(room(RESERVE), this.now)).isNull();
	}

	@Test
	void workIsRemovedWhereverItWaits() {
		List<Work> work = add("route", 3);
		Work burner = strand("route", Strand.Pace.BURNING);
		this.lines.add(burner, LaneLine.Kind.BURNING, this.now);
		assertThat(this.lines.remove(work.get(1))).isTrue();
		assertThat(this.lines.remove(work.get(1))).isFalse();
		assertThat(this.lines.remove(burner)).isTrue();
		assertThat(this.lines.remove(strand("other", Strand.Pace.BLOCKING))).isFalse();
		assertThat(this.lines.size()).isEqualTo(2);
		assertThat(this.lines.burners()).isZero();
		assertThat(take(2)).containsExactly(work.get(0), work.get(2));
	}

	@Test
	void nothingIsLeftOfALineThatIsEmptyAndHasNoThreads() {
		List<LaneLine> begun = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			List<Work> work = add("route " + i, 2);
			begun.add(begin());
			this.lines.remove(work.get(1));
		}
		assertThat(this.lines.count()).isEqualTo(1000);
		begun.forEach((line) -> this.lines.end(line, this.now));
		assertThat(this.lines.count()).isZero();
		add("route", 1);
		assertThat(this.lines.pop()).isNotNull();
		assertThat(this.lines.count()).isZero();
	}

	@Test
	void everythingIsDrainedAtTheEnd() {
		add("first", 3);
		add("second", 2);
		addTasks(2);
		this.lines.add(strand("burner", Strand.Pace.BURNING), LaneLine.Kind.BURNING, this.now);
		List<Work> drained = new ArrayList<>();
		for (Work work; (work = this.lines.pop()) != null;) {
			drained.add(work);
		}
		assertThat(drained).hasSize(8).doesNotHaveDuplicates();
		assertThat(this.lines.size()).isZero();
	}

	private List<Work> add(String route, int count) {
		Work[] work = new Work[count];
		Arrays.setAll(work, (i) -> strand(route, Strand.Pace.BLOCKING));
		List.of(work).forEach((each) -> this.lines.add(each, LaneLine.Kind.BLOCKING, this.now));
		return List.of(work);
	}

	private List<Work> addTasks(int count) {
		Work[] work = new Work[count];
		Arrays.setAll(work, (i) -> new Job(() -> {
		}));
		List.of(work).forEach((each) -> this.lines.add(each, LaneLine.Kind.BLOCKING, this.now));
		return List.of(work);
	}

	private Strand strand(String route, Strand.Pace pace) {
		Strand strand = this.runtime.newStrand(StrandOptions.DEFAULTS.route(route));
		strand.setPace(pace);
		return strand;
	}

	private static Vacancy room(int excess) {
		return new Vacancy(false, excess, true);
	}

	private LaneLine begin() {
		LaneLine line = this.lines.next(room(-1), this.now);
		this.lines.begin(line, line.peek(room(0), 1, this.now), 1, this.now);
		return line;
	}

	/**
	 * Lets so many polls begin and end at once.
	 */
	private List<Work> take(int count) {
		List<Work> taken = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			LaneLine line = this.lines.next(room(-1), this.now);
			LaneLine.Waiting next = line.peek(room(0), 1, this.now);
			this.lines.begin(line, next, 1, this.now);
			taken.add(next.work());
			this.lines.end(line, this.now);
		}
		return taken;
	}

}
