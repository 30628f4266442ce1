package dev.loopline.runtime.internal.stall;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;

import dev.loopline.runtime.stall.SampledFrame;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SampleTree}.
 */
class SampleTreeTests {

	private static final StackTraceElement SLEEP = frame("java.lang.Thread", "sleep", -2);

	private static final StackTraceElement POLL = frame("dev.loopline.runtime.Strand", "poll", 1);

	private final SampleTree tree = new SampleTree(0);

	@Test
	void stacksAreMergedFromTheApplicationsOutermostFrameInwards() {
		StackTraceElement outer = frame("a.Controller", "get", 1);
		StackTraceElement query = frame("a.Store", "query", 1);
		StackTraceElement driver = frame("org.postgresql.Driver", "read", 1);
		add(List.of(SLEEP, query, driver, outer, POLL), List.of(query, outer));
		add(List.of(SLEEP, query, driver, outer, POLL), List.of(query, outer));
		add(List.of(SLEEP, outer, POLL), List.of(outer));
		SampledFrame all = view(0);
		assertThat(lines(all)).containsExactly("a.Controller.get 3 own", "  org.postgresql.Driver.read 2",
				"    a.Store.query 2 own", "      java.lang.Thread.sleep 2", "  java.lang.Thread.sleep 1");
		assertThat(all.samples()).isEqualTo(3);
	}

	@Test
	void linesOfAMethodAreOne() {
		StackTraceElement first = frame("a.Controller", "get", 1);
		StackTraceElement second = frame("a.Controller", "get", 2);
		add(List.of(SLEEP, first), List.of(first));
		add(List.of(SLEEP, second), List.of(second));
		assertThat(lines(view(0))).containsExactly("a.Controller.get 2 own", "  java.lang.Thread.sleep 2");
	}

	@Test
	void stackWithoutTheApplicationBeginsWithTheFrameToBlame() {
		StackTraceElement library = frame("io.netty.buffer.Unpooled", "buffer", 1);
		this.tree.add(List.of(SLEEP, library, POLL), library, List.of(), 0);
		assertThat(lines(view(0))).containsExactly("io.netty.buffer.Unpooled.buffer 1", "  java.lang.Thread.sleep 1");
		this.tree.add(List.of(SLEEP), library, List.of(), 0);
		assertThat(view(0).samples()).isEqualTo(2);
	}

	@Test
	void deepStackLosesItsOuterFrames() {
		List<StackTraceElement> stack = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			stack.add(frame("a.Deep", "m" + i, 1));
		}
		add(stack, stack);
		List<String> lines = lines(view(0));
		assertThat(lines).hasSize(SampleTree.MAX_DEPTH);
		assertThat(lines.get(0)).isEqualTo("a.Deep.m47 1 own");
		assertThat(lines.get(lines.size() - 1).strip()).isEqualTo("a.Deep.m0 1 own");
	}

	@Test
	void fullTreeCountsWhatHasNoRoomWithItsCaller() {
		StackTraceElement outer = frame("a.Controller", "get", 1);
		for (int i = 0; i < 1_000; i++) {
			add(List.of(frame("a.Generated" + i, "call", 1), outer), List.of(outer));
		}
		SampledFrame get = view(0).callees().get(0);
		assertThat(get.samples()).isEqualTo(1_000);
		assertThat(get.callees()).hasSize(SampleTree.MAX_NODES - 1);
		add(List.of(frame("a.Generated0", "call", 1), outer), List.of(outer));
		assertThat(view(0).callees().get(0).callees().get(0).samples()).isEqualTo(2);
	}

	@Test
	void stacksAreForgottenAfterTwoWindows() {
		StackTraceElement early = frame("a.Early", "get", 1);
		StackTraceElement late = frame("a.Late", "get", 1);
		add(List.of(early), List.of(early));
		this.tree.add(List.of(late), late, List.of(late), SampleTree.WINDOW_NANOS);
		assertThat(lines(view(2 * SampleTree.WINDOW_NANOS - 1))).containsExactly("a.Early.get 1 own",
				"a.Late.get 1 own");
		assertThat(lines(view(2 * SampleTree.WINDOW_NANOS))).containsExactly("a.Late.get 1 own");
		assertThat(view(4 * SampleTree.WINDOW_NANOS).samples()).isZero();
	}

	@Test
	void stacksAreForgottenAfterTwoWindowsHoweverSeldomSomebodyLooks() {
		StackTraceElement early = frame("a.Early", "get", 1);
		add(List.of(early), List.of(early));
		assertThat(view(2 * SampleTree.WINDOW_NANOS - 1).samples()).isOne();
		assertThat(view(2 * SampleTree.WINDOW_NANOS).samples()).isZero();
	}

	@Test
	void copyStaysAsItWas() {
		StackTraceElement outer = frame("a.Controller", "get", 1);
		add(List.of(SLEEP, outer), List.of(outer));
		Supplier<SampledFrame> copy = this.tree.copy(0);
		add(List.of(SLEEP, outer), List.of(outer));
		add(List.of(POLL, outer), List.of(outer));
		this.tree.copy(SampleTree.WINDOW_NANOS);
		assertThat(copy.get().samples()).isOne();
		assertThat(lines(copy.get())).containsExactly("a.Controller.get 1 own", "  java.lang.Thread.sleep 1");
	}

	private SampledFrame view(long now) {
		return this.tree.copy(now).get();
	}

	private void add(List<StackTraceElement> stack, List<StackTraceElement> application) {
		this.tree.add(stack, SLEEP, application, 0);
	}

	private static StackTraceElement frame(String type, String method, int line) {
		return new StackTraceElement(type, method, null, line);
	}

	/**
	 * A line for each frame but the root.
	 */
	private static List<String> lines(SampledFrame root) {
		List<String> lines = new ArrayList<>();
		root.callees().forEach((callee) -> describe(callee, "", lines));
		return lines;
	}

	private static void describe(SampledFrame frame, String indent, List<String> lines) {
		lines.add(indent + frame.method() + " " + frame.samples() + (frame.application() ? " own" : ""));
		frame.callees().forEach((callee) -> describe(callee, indent + "  ", lines));
	}

}
