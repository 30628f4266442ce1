package dev.loopline.runtime;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CulpritTable}.
 */
class CulpritTableTests {

	private final CulpritTable table = new CulpritTable(2);

	@Test
	void culpritIsMadeOncePerMethod() {
		CulpritEntry entry = culprit("a");
		assertThat(culprit("a")).isSameAs(entry);
		assertThat(methods()).containsExactly("a");
	}

	@Test
	void theOneThatWasNotSeenForLongestMakesRoom() {
		culprit("a");
		culprit("b");
		culprit("a");
		culprit("c");
		assertThat(methods()).containsExactly("a", "c");
	}

	@Test
	void oneThatIsStuckStaysIfAnotherCanGo() {
		RunningStall stall = StallsTests.stall();
		culprit("a").began(stall, StrandDescription.UNKNOWN);
		culprit("b");
		culprit("c");
		assertThat(methods()).containsExactly("a", "c");
	}

	@Test
	void tableStaysBoundedWhenAllAreStuck() {
		for (String method : List.of("a", "b", "c", "d")) {
			culprit(method).began(StallsTests.stall(), StrandDescription.UNKNOWN);
		}
		assertThat(methods()).containsExactly("c", "d");
	}

	@Test
	void routesLeadToTheMethodThatWasSeenLastAndAreBoundedToo() {
		this.table.remember(route("/a"), "a");
		this.table.remember(route("/a"), "b");
		assertThat(this.table.lastMethodOf(route("/a"))).isEqualTo("b");
		this.table.remember(route("/b"), "b");
		this.table.lastMethodOf(route("/a"));
		this.table.remember(route("/c"), "c");
		assertThat(this.table.lastMethodOf(route("/b"))).isNull();
		assertThat(this.table.lastMethodOf(route("/a"))).isEqualTo("b");
		this.table.remember(StrandDescription.UNKNOWN, "d");
		assertThat(this.table.lastMethodOf(StrandDescription.UNKNOWN)).isNull();
	}

	private static StrandDescription route(String route) {
		return new StrandDescription(null, route, null);
	}

	private CulpritEntry culprit(String method) {
		return this.table.culprit(method, Instant.EPOCH, 0);
	}

	private List<String> methods() {
		return this.table.entries().stream().map((entry) -> entry.method).toList();
	}

}
