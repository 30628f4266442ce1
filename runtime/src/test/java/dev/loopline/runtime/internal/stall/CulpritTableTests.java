package dev.loopline.runtime.internal.stall;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.loopline.runtime.stall.Culprit;
import dev.loopline.runtime.stall.WorkDescription;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CulpritTable}.
 */
class CulpritTableTests {

	private final CulpritTable table = new CulpritTable(2);

	@Test
	void culpritIsMadeOncePerLine() {
		CulpritEntry entry = culprit("a");
		assertThat(culprit("a")).isSameAs(entry);
		assertThat(methods()).containsExactly("T.a");
	}

	@Test
	void theOneThatWasNotSeenForLongestMakesRoom() {
		culprit("a");
		culprit("b");
		culprit("a");
		culprit("c");
		assertThat(methods()).containsExactly("T.a", "T.c");
	}

	@Test
	void oneThatIsStuckStaysIfAnotherCanGo() {
		RunningStall stall = StallRecorderTests.stall();
		culprit("a").began(stall, WorkDescription.UNKNOWN, Instant.EPOCH);
		culprit("b");
		culprit("c");
		assertThat(methods()).containsExactly("T.a", "T.c");
	}

	@Test
	void tableStaysBoundedWhenAllAreStuck() {
		for (String method : List.of("a", "b", "c", "d")) {
			culprit(method).began(StallRecorderTests.stall(), WorkDescription.UNKNOWN, Instant.EPOCH);
		}
		assertThat(methods()).containsExactly("T.c", "T.d");
	}

	@Test
	void lineThatManyRoutesCallIsOneCulpritForEach() {
		CulpritEntry entry = culprit(line("a", 1), route("/a"));
		assertThat(culprit(line("a", 1), route("/b"))).isNotSameAs(entry);
		assertThat(culprit(line("a", 2), route("/a"))).isNotSameAs(entry);
		CulpritTable table = new CulpritTable(3);
		CulpritEntry unsampled = table.culprit(null, route("/a"), Instant.EPOCH, 0);
		assertThat(unsampled.method).isEqualTo(Culprit.UNKNOWN);
		assertThat(table.culprit(null, route("/b"), Instant.EPOCH, 0)).isNotSameAs(unsampled);
		assertThat(table.culprit(null, WorkDescription.UNKNOWN, Instant.EPOCH, 0)).isNotSameAs(unsampled);
		assertThat(table.culprit(null, route("/a"), Instant.EPOCH, 0)).isSameAs(unsampled);
	}

	@Test
	void routesThatAreKnownAreBoundedToo() {
		this.table.remember(route("/a"), null);
		this.table.remember(route("/b"), null);
		assertThat(this.table.isKnown(route("/a"))).isTrue();
		this.table.remember(route("/c"), null);
		assertThat(this.table.isKnown(route("/b"))).isFalse();
		assertThat(this.table.isKnown(route("/a"))).isTrue();
		this.table.remember(WorkDescription.UNKNOWN, null);
		assertThat(this.table.isKnown(WorkDescription.UNKNOWN)).isFalse();
	}

	@Test
	void requestOfARouteIsKnownIfNothingElseHasItsName() {
		this.table.remember(route("/a"), "/a");
		assertThat(this.table.requestOf("/a")).isEqualTo(route("/a"));
		this.table.remember(route("/b"), "/**");
		assertThat(this.table.requestOf("/**")).isNull();
		assertThat(this.table.requestOf(null)).isNull();
		this.table.clear();
		assertThat(this.table.requestOf("/a")).isNull();
	}

	private static WorkDescription route(String route) {
		return new WorkDescription(null, route, null);
	}

	private static StackTraceElement line(String method, int number) {
		return new StackTraceElement("T", method, "T.java", number);
	}

	private CulpritEntry culprit(String method) {
		return culprit(line(method, 1), WorkDescription.UNKNOWN);
	}

	private CulpritEntry culprit(StackTraceElement place, WorkDescription work) {
		return this.table.culprit(place, work, Instant.EPOCH, 0);
	}

	private List<String> methods() {
		return this.table.entries().stream().map((entry) -> entry.method).toList();
	}

}
